import type { Row } from "../cloud/table.ts";
import { account, iam, inProject, key, member, name, needsUsableKeys, project } from "./common.ts";

export const identityRows: Readonly<Record<string, Row>> = {
  "gcp:serviceaccount/account:Account": {
    name: {
      input: "accountId",
      pattern: /^[a-z]([-a-z0-9]*[a-z0-9])$/,
      what: "lower-case letters, digits and hyphens, beginning with a letter",
      min: 6,
      max: 30,
      unique: "cloud",
    },
    id: (made) => `projects/${project}/serviceAccounts/${made.name}@${project}.iam.gserviceaccount.com`,
    outputs: {
      email: (made) => `${made.name}@${project}.iam.gserviceaccount.com`,
      member: (made) => `serviceAccount:${made.name}@${project}.iam.gserviceaccount.com`,
      name: ({ id }) => id,
      project: inProject,
    },
    handles: ["email", "name"],
    replaceOn: ["accountId"],
  },
  "gcp:serviceaccount/iAMMember:IAMMember": {
    id: (made) => iam(made, "serviceAccountId"),
    references: { serviceAccountId: account, member },
    replaceOn: ["*"],
  },
  "gcp:projects/iAMMember:IAMMember": {
    id: (made) => iam(made, "project"),
    references: { member },
    replaceOn: ["*"],
  },
  "gcp:projects/serviceIdentity:ServiceIdentity": {
    id: (made) => `projects/${project}/services/${made.text("service")}`,
    outputs: { project: inProject },
    replaceOn: ["*"],
  },
  "gcp:kms/keyRing:KeyRing": {
    name: { ...name, pattern: /^[A-Za-z0-9_-]+$/, what: "letters, digits, hyphens and underscores" },
    id: (made) => `projects/${project}/locations/${made.text("location")}/keyRings/${made.name}`,
    outputs: { project: inProject },
    replaceOn: ["name", "location"],
  },
  "gcp:kms/cryptoKey:CryptoKey": {
    name: {
      ...name,
      pattern: /^[A-Za-z0-9_-]+$/,
      what: "letters, digits, hyphens and underscores",
      unique: { within: ["keyRing"] },
    },
    id: (made) => `${made.text("keyRing")}/cryptoKeys/${made.name}`,
    references: { keyRing: { to: "gcp:kms/keyRing:KeyRing" } },
    replaceOn: ["name", "keyRing", "purpose", "destroyScheduledDuration"],
    check: ({ rotationPeriod }) =>
      typeof rotationPeriod === "string" &&
      (!/^\d+s$/.test(rotationPeriod) || Number.parseInt(rotationPeriod, 10) < 86_400)
        ? "rotationPeriod must be seconds, at least a day"
        : undefined,
  },
  "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": {
    id: (made) => iam(made, "cryptoKeyId"),
    references: { cryptoKeyId: key, member },
    replaceOn: ["*"],
  },
  "gcp:secretmanager/secret:Secret": {
    name: {
      ...name,
      input: "secretId",
      pattern: /^[A-Za-z0-9_-]+$/,
      what: "letters, digits, hyphens and underscores",
      max: 255,
    },
    id: (made) => `projects/${project}/secrets/${made.name}`,
    outputs: { project: inProject, name: ({ id }) => id },
    handles: ["secretId", "name"],
    references: { "replication.userManaged.replicas[].customerManagedEncryption.kmsKeyName": key },
    replaceOn: ["secretId", "replication"],
    onCreate: needsUsableKeys,
  },
  "gcp:secretmanager/secretVersion:SecretVersion": {
    id: (made) => `${made.text("secret")}/versions/${made.fresh("", 6)}`,
    outputs: { name: ({ id }) => id, version: () => "1" },
    references: { secret: { to: "gcp:secretmanager/secret:Secret" } },
    replaceOn: ["secret", "secretData"],
  },
  "gcp:secretmanager/secretIamMember:SecretIamMember": {
    id: (made) => iam(made, "secretId"),
    references: { secretId: { to: "gcp:secretmanager/secret:Secret" }, member },
    replaceOn: ["*"],
  },
};

import { IAMMember as ProjectMember } from "@pulumi/gcp/projects/iammember.js";
import { Secret } from "@pulumi/gcp/secretmanager/secret.js";
import { SecretIamMember } from "@pulumi/gcp/secretmanager/secretIamMember.js";
import { SecretVersion } from "@pulumi/gcp/secretmanager/secretVersion.js";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember.js";
import * as pulumi from "@pulumi/pulumi";
import type { Role } from "../../core/roles.ts";
import { Credentials, type CredentialsArgs } from "../contract.ts";
import type { GcpContext } from "./context.ts";
import type { GcpParts } from "./parts.ts";

type Store = "cache" | "audit" | "archive";

/**
 * Rights of the stores. A node reads the cache and adds to the audit log: `objectCreator` can neither read, overwrite nor
 * delete what is there. https://cloud.google.com/storage/docs/access-control/iam-roles
 */
const storeRights: Readonly<Record<Role, readonly (readonly [Store, string])[]>> = {
  bastion: [],
  control: [["audit", "roles/storage.objectCreator"]],
  builder: [],
  node: [
    ["cache", "roles/storage.objectViewer"],
    ["audit", "roles/storage.objectCreator"],
  ],
};

/** What machines of a role may do in the project. */
const projectRights: Readonly<Record<Role, readonly string[]>> = {
  bastion: ["roles/logging.logWriter"],
  control: ["roles/logging.logWriter", "roles/monitoring.metricWriter"],
  builder: ["roles/logging.logWriter"],
  node: ["roles/logging.logWriter", "roles/monitoring.metricWriter"],
};

/** The secrets of one role, and the service account that alone may read them. */
export class GcpCredentials extends Credentials {
  readonly email: string;
  /** What a machine is told about where its secrets are: `credential=secret,…`. */
  readonly secrets: string;

  constructor(
    name: string,
    args: CredentialsArgs<GcpParts>,
    opts: pulumi.ComponentResourceOptions,
    context: GcpContext,
  ) {
    super(name, args, opts);
    const { project, region, labels } = context;
    const { network, data, role } = args;
    const child = { parent: this };
    this.email = context.accountEmail(role);
    const account = network.accounts.get(role);
    const after = account === undefined ? [] : [account];
    const member = `serviceAccount:${this.email}`;

    const places = Object.entries(args.values).map(([credential, value]) => {
      // By a name that a machine is told in a preview already; of two secrets of one name the second cannot be made.
      const secretId = context.fixed(role, ...credential.replace(/^logos\./, "").split("."));
      const replica = { location: region, customerManagedEncryption: { kmsKeyName: data.secrets.id } };
      const secret = new Secret(
        secretId,
        { project, secretId, replication: { userManaged: { replicas: [replica] } }, labels },
        { ...child, dependsOn: [data.secrets.usable], deleteBeforeReplace: true },
      );
      new SecretVersion(secretId, { secret: secret.id, secretData: pulumi.secret(value) }, child);
      new SecretIamMember(
        secretId,
        { project, secretId: secret.secretId, role: "roles/secretmanager.secretAccessor", member },
        { ...child, dependsOn: after },
      );
      return `${credential}=${secretId}`;
    });
    this.secrets = places.join(",");

    for (const right of projectRights[role]) {
      new ProjectMember(
        `${name}-${shortRole(right)}`,
        { project, role: right, member },
        { ...child, dependsOn: after },
      );
    }
    for (const [store, right] of storeRights[role]) {
      const logical = `${name}-${store}-${shortRole(right)}`;
      new BucketIAMMember(logical, { bucket: data[store].name, role: right, member }, { ...child, dependsOn: after });
    }
    this.registerOutputs({});
  }
}

/** `roles/storage.objectViewer` → `object-viewer`. */
function shortRole(role: string): string {
  return (role.split(".").at(-1) ?? role).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

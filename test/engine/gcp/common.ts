import type { Made, NameRule, Reference } from "../cloud/table.ts";
import { CloudError } from "../cloud/table.ts";
import type { CloudView, Standing } from "../cloud/view.ts";

export const project = "logos-simulated";
export const projectNumber = "100200300400";
export const region = "europe-west3";
export const zones = ["europe-west3-a", "europe-west3-b", "europe-west3-c"] as const;

/** What most of Compute Engine calls a name: RFC 1035. */
export const name: NameRule = {
  input: "name",
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  what: "lower-case letters, digits and hyphens, beginning with a letter",
  max: 63,
  unique: "cloud",
};

export const selfLink = ({ id }: Made) => `https://www.googleapis.com/compute/v1/${id}`;
export const inProject = () => project;

/** Ids as Google makes them of names. */
export const global = (kind: string) => (made: Made) => `projects/${project}/global/${kind}/${made.name}`;
export const regional = (kind: string) => (made: Made) => `projects/${project}/regions/${region}/${kind}/${made.name}`;
export const zonal = (kind: string) => (made: Made) =>
  `projects/${project}/zones/${made.text("zone")}/${kind}/${made.name}`;

/** An image of the vendor: one by its name, or the newest of a family. */
export const vendorImage = /^projects\/ubuntu-os-cloud\/global\/images\/(family\/)?[a-z0-9-]+$/;

export const network: Reference = { to: "gcp:compute/network:Network" };
export const subnetwork: Reference = { to: "gcp:compute/subnetwork:Subnetwork" };
export const account: Reference = { to: "gcp:serviceaccount/account:Account" };
export const key: Reference = { to: "gcp:kms/cryptoKey:CryptoKey" };
/** `serviceAccount:…` of ours; people and Google's own agents stand without us. */
export const member: Reference = {
  to: "gcp:serviceaccount/account:Account",
  external: /^(user|group):|^serviceAccount:(service-[0-9]+@|.*@system\.gserviceaccount\.com)/,
  part: (value) => value.replace(/^serviceAccount:/, ""),
};

/** Refuses a key that nobody has given Google's own agent the right to use. */
export function needsUsableKeys({ type, inputs, logicalName }: Standing, cloud: CloudView): void {
  for (const id of keysIn(inputs)) {
    const granted = cloud
      .all("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
      .some(
        ({ inputs: right }) => right.cryptoKeyId === id && right.role === "roles/cloudkms.cryptoKeyEncrypterDecrypter",
      );
    if (!granted)
      throw new CloudError(
        `googleapi: Error 400: ${type} ${logicalName}: Cloud KMS error when using key ${id}: Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied, kmsPermissionDenied`,
      );
  }
}

function keysIn(value: unknown): readonly string[] {
  if (typeof value === "string") return /\/cryptoKeys\/[^/]+$/.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(keysIn) : [];
}

/** The id of one right: on what, which, whose. */
export function iam(made: Made, on: string): string {
  return `${made.text(on)}/${made.text("role")}/${made.text("member")}`;
}

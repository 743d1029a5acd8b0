import { CryptoKey } from "@pulumi/gcp/kms/cryptoKey.js";
import { CryptoKeyIAMMember } from "@pulumi/gcp/kms/cryptoKeyIAMMember.js";
import { KeyRing } from "@pulumi/gcp/kms/keyRing.js";
import { ServiceIdentity } from "@pulumi/gcp/projects/serviceIdentity.js";
import { getProjectServiceAccountOutput } from "@pulumi/gcp/storage/getProjectServiceAccount.js";
import * as pulumi from "@pulumi/pulumi";
import type { GcpContext } from "./context.ts";

const day = 24 * 3600;
/** A new version each quarter; old ones still decrypt. */
const rotationPeriod = `${90 * day}s`;
/** How long a destroyed key can be brought back: without it, all that it encrypts is lost. */
const destroyScheduledDuration = `${30 * day}s`;

/** A key, and what must stand before Google's own agents can use it. */
export interface UsableKey {
  readonly id: pulumi.Output<string>;
  readonly usable: pulumi.Resource;
}

/**
 * One key for each of Google's services that encrypts for us, so that a right on one is none on another. Rings and keys can
 * never be made again under a name that was used, not even after a destroy: their names have a random tail.
 */
export function declareKeys(name: string, keep: boolean, parent: pulumi.Resource, context: GcpContext) {
  const { project, region, labels } = context;
  const kept = { parent, protect: keep };
  const ring = new KeyRing(context.logical(name), { project, location: region }, kept);
  const key = (purpose: string, agent: pulumi.Input<string>, after: readonly pulumi.Resource[]): UsableKey => {
    const made = new CryptoKey(
      context.logical(name, purpose),
      {
        keyRing: ring.id,
        purpose: "ENCRYPT_DECRYPT",
        rotationPeriod,
        destroyScheduledDuration,
        // What is encrypted with it may outlive the stack: captured images, snapshots, what somebody copied.
        deletionPolicy: "ABANDON",
        labels,
      },
      kept,
    );
    const usable = new CryptoKeyIAMMember(
      `${name}-${purpose}-agent`,
      { cryptoKeyId: made.id, role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member: agent },
      { ...kept, dependsOn: [...after] },
    );
    return { id: made.id, usable };
  };
  // The agent of the secret store is made when it is asked for, the storage's when it is looked up.
  const secretAgent = new ServiceIdentity(
    `${name}-secrets-agent`,
    { project, service: "secretmanager.googleapis.com" },
    kept,
  );
  const storageAgent = getProjectServiceAccountOutput({ project }, { parent });
  return {
    /** A name with a random tail, which lasts as long as the data does. */
    lasting: ring.name,
    disks: key("disks", context.agent("compute-system"), []),
    stores: key("stores", pulumi.interpolate`serviceAccount:${storageAgent.emailAddress}`, []),
    secrets: key("secrets", context.agent("gcp-sa-secretmanager"), [secretAgent]),
  };
}

import type { Disk } from "@pulumi/gcp/compute/disk.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import { IAMMember as AccountMember } from "@pulumi/gcp/serviceaccount/iammember.js";
import { Bucket, type BucketArgs } from "@pulumi/gcp/storage/bucket.js";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember.js";
import * as pulumi from "@pulumi/pulumi";
import { auditTag } from "../../core/guardrails.ts";
import { Data, type DataArgs } from "../contract.ts";
import type { GcpContext } from "./context.ts";
import { declareKeys, type UsableKey } from "./keys.ts";
import { declareStateDisk } from "./state-disk.ts";

const secondsPerDay = 24 * 3600;
/** Who writes a bucket's access logs: https://cloud.google.com/storage/docs/access-logs */
const accessLogger = "group:cloud-storage-analytics@google.com";
/** Objects that nobody asked for in a year after they turned cold go where a year's storage costs what a month did. */
const archiveAfterColdDays = 365;

/** Encryption keys, and the three stores as buckets that no public right can open. */
export class GcpData extends Data {
  readonly keyId: pulumi.Output<string>;
  readonly cacheUrl: pulumi.Output<string>;
  readonly auditUrl: pulumi.Output<string>;
  readonly archiveUrl: pulumi.Output<string>;
  readonly cache: Bucket;
  readonly audit: Bucket;
  readonly archive: Bucket;
  /** The key of disks, images and snapshots. */
  readonly disks: UsableKey;
  readonly secrets: UsableKey;
  /** The control plane's. */
  readonly state: Disk;
  /** What must outlive machines is protected. */
  readonly keep: boolean;
  readonly lock: DataArgs["lock"];
  /** A name with a random tail, which lasts as long as the data does. */
  readonly lasting: pulumi.Output<string>;

  constructor(name: string, args: DataArgs, opts: pulumi.ComponentResourceOptions, context: GcpContext) {
    super(name, args, opts);
    const keys = declareKeys(`${name}-keys`, args.keep, this, context);
    this.disks = keys.disks;
    this.secrets = keys.secrets;
    this.keyId = keys.disks.id;
    // Part of the data: under the control plane's component it would keep all that this is made from.
    this.state = declareStateDisk("control-state", keys.disks, args.keep, this, context);

    const bucket = (store: string, accessLogs: pulumi.Output<string> | undefined, more: Partial<BucketArgs>) =>
      new Bucket(
        context.logical(name, store),
        {
          project: context.project,
          location: context.region,
          storageClass: "STANDARD",
          uniformBucketLevelAccess: true,
          publicAccessPrevention: "enforced",
          encryption: { defaultKmsKeyName: keys.stores.id },
          labels: context.labels,
          versioning: { enabled: true },
          ...(accessLogs === undefined ? {} : { logging: { logBucket: accessLogs, logObjectPrefix: store } }),
          // What a store holds is removed by people, never by a destroy.
          forceDestroy: false,
          ...more,
        },
        { parent: this, protect: args.keep, dependsOn: [keys.stores.usable] },
      );
    const logs = bucket("access-logs", undefined, {});
    const logged = new BucketIAMMember(
      `${name}-access-logs`,
      { bucket: logs.name, role: "roles/storage.objectCreator", member: accessLogger },
      { parent: this, protect: args.keep },
    );
    // Nothing is read before its reading is logged.
    const into = pulumi.all([logs.name, logged.id]).apply(([bucketName]) => bucketName);
    this.cache = bucket("cache", into, {
      // What it holds can be built again, and changes all the time: kept deleted objects would be most of the bill.
      softDeletePolicy: { retentionDurationSeconds: 0 },
      lifecycleRules: [
        { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 1, withState: "ARCHIVED" } },
      ],
      forceDestroy: !args.keep,
    });
    this.audit = bucket("audit", into, {
      labels: { ...context.labels, [auditTag]: "true" },
      // A bucket with a retention policy takes no versions: nothing in it can be replaced.
      versioning: { enabled: false },
      retentionPolicy: {
        retentionPeriod: `${args.retentionDays * secondsPerDay}`,
        // Nobody can ever unlock it, shorten it, or remove the bucket while it holds anything.
        isLocked: args.lock === "compliance",
      },
    });
    this.archive = bucket("archive", into, {
      lifecycleRules: [
        {
          action: { type: "SetStorageClass", storageClass: "COLDLINE" },
          condition: { age: args.coldAfterDays, matchesStorageClasses: ["STANDARD"] },
        },
        {
          action: { type: "SetStorageClass", storageClass: "ARCHIVE" },
          condition: { age: args.coldAfterDays + archiveAfterColdDays, matchesStorageClasses: ["COLDLINE"] },
        },
      ],
    });
    this.cacheUrl = pulumi.interpolate`gs://${this.cache.name}`;
    this.auditUrl = pulumi.interpolate`gs://${this.audit.name}`;
    this.archiveUrl = pulumi.interpolate`gs://${this.archive.name}`;

    this.keep = args.keep;
    this.lock = args.lock;
    this.lasting = keys.lasting;
    declarePeople(name, { cache: this.cache, audit: this.audit, archive: this.archive }, args.keep, this, context);
    this.registerOutputs({
      keyId: this.keyId,
      cacheUrl: this.cacheUrl,
      auditUrl: this.auditUrl,
      archiveUrl: this.archiveUrl,
    });
  }
}

/** Operators read the stores; what is published to cache and archive goes by an account that they may act as, and leaves a trace. */
function declarePeople(
  name: string,
  stores: { readonly cache: Bucket; readonly audit: Bucket; readonly archive: Bucket },
  keep: boolean,
  parent: pulumi.Resource,
  context: GcpContext,
): void {
  // Rights on what is kept are kept with it.
  const child = { parent, protect: keep };
  const publisher = new Account(
    `${name}-publisher`,
    {
      project: context.project,
      accountId: context.accountId("publisher"),
      displayName: `LOGOS ${context.stack}: publisher`,
      createIgnoreAlreadyExists: true,
    },
    child,
  );
  const grant = (who: string, store: Bucket, role: string, member: string, after: readonly pulumi.Resource[]) =>
    new BucketIAMMember(`${name}-${who}`, { bucket: store.name, role, member }, { ...child, dependsOn: [...after] });
  const publishes = `serviceAccount:${context.accountEmail("publisher")}`;
  grant("publisher-cache", stores.cache, "roles/storage.objectUser", publishes, [publisher]);
  grant("publisher-archive", stores.archive, "roles/storage.objectCreator", publishes, [publisher]);
  for (const [index, member] of context.settings.operators.entries()) {
    for (const [store, bucket] of Object.entries(stores))
      grant(`operator-${index}-${store}`, bucket, "roles/storage.objectViewer", member, []);
    new AccountMember(
      `${name}-operator-${index}-publisher`,
      { serviceAccountId: publisher.name, role: "roles/iam.serviceAccountTokenCreator", member },
      child,
    );
  }
}

import { requireOneOf, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { given, pointingAt } from "../machines.ts";
import {
  blobService,
  dataComponent,
  gcsBucket,
  isAuditStore,
  isBucket,
  s3Buckets,
  s3Lifecycle,
  storageAccount,
} from "../stores.ts";

/** The shortest time that what was deleted can be had back, in days. */
const softDeleteDays = 7;

export const undeletable: Rule = {
  id: "W04",
  name: "deletions-can-be-undone",
  title: "Stores keep what was deleted for a week, in more than one place, and drop uploads that were not finished.",
  family: "retention",
  severity: "medium",
  reason: "A deletion by mistake is noticed the next day; a half upload is paid for ever.",
  remediation:
    "deleteRetentionPolicy: { enabled: true, days: 7 }, softDeletePolicy: { retentionDurationSeconds: 604800 }, or a lifecycle with abortIncompleteMultipartUpload",
  upstream: [
    "CKV_AWS_144",
    "CKV_AWS_300",
    "CKV2_AWS_61",
    "CKV2_AWS_62",
    "CKV2_AZURE_38",
    "CKV_AZURE_206",
    "AWS-0170",
    "AZU-0056",
    "AZU-0058",
    "s3-bucket-replication",
    "bucket-soft-delete-retention",
    "S3.7",
    "S3.13",
    "S3.20",
    "CIS-AWS-3.1.2",
  ],
  checks: {
    [blobService]: function* ({ props }) {
      for (const key of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy"]) {
        yield* requireTrue(props.at(key, "enabled"));
        yield* requireKept(props.at(key, "days"), 0);
      }
    },
    [storageAccount]: function* (subject) {
      if (isStore(subject))
        yield* requireOneOf(subject.props.at("sku", "name"), [
          "Standard_ZRS",
          "Standard_GRS",
          "Standard_GZRS",
          ...readable,
        ]);
    },
    [gcsBucket]: function* ({ name, props }) {
      // The cache is rebuilt, not restored; its deleted objects would only be paid for.
      if (/cache/i.test(name)) return;
      const kept = props.at("softDeletePolicy", "retentionDurationSeconds");
      yield* requireWithin(kept, softDeleteDays * 86_400, Number.POSITIVE_INFINITY, softDeleteDays * 86_400);
    },
    ...each(s3Lifecycle, function* ({ props }) {
      yield* attempt(function* () {
        if (!props.items("rules").some(aborts)) yield { at: "rules", found: "drops no unfinished uploads" };
      });
      for (const rule of props.items("rules"))
        yield* requireKept(rule.at("noncurrentVersionExpiration", "noncurrentDays"), softDeleteDays);
    }),
    ...each(s3Buckets, function* ({ props }) {
      for (const rule of props.items("lifecycleRules"))
        yield* requireKept(rule.at("noncurrentVersionExpiration", "days"), softDeleteDays);
      for (const rule of props.items("replicationConfiguration", "rules"))
        yield* requireCopy(rule, rule.at("deleteMarkerReplicationStatus"));
    }),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": function* ({ props }) {
      for (const rule of props.items("rules")) yield* requireCopy(rule, rule.at("deleteMarkerReplication", "status"));
    },
  },
  stack: function* (resource, stack) {
    if (isBucket(resource) && pointingAt(stack, resource, s3Lifecycle, "bucket").length === 0) {
      const inline = resource.props.items("lifecycleRules");
      if (!inline.some((rule) => given(rule.at("abortIncompleteMultipartUploadDays"))))
        yield { found: "has no lifecycle that drops unfinished uploads" };
    }
    if (resource.type === storageAccount && isStore(resource)) {
      if (pointingAt(stack, resource, [blobService], "accountName").length === 0)
        yield { found: "keeps nothing of what was deleted: it has no blob service properties" };
    }
  },
};

/** Redundancy that can be read from the other region too. */
const readable = ["Standard_RAGRS", "Standard_RAGZRS"];

/** Accounts of the data; another, for flow logs, holds what is never restored. */
function isStore(subject: Subject): boolean {
  return isAuditStore(subject) || subject.types.includes(dataComponent);
}

function requireKept(days: View, whenAbsent: number): Iterable<Outcome> {
  return requireWithin(days, softDeleteDays, Number.POSITIVE_INFINITY, whenAbsent);
}

/** A rule that is on, for all of the bucket. */
function aborts(rule: View): boolean {
  const { filter, prefix } = { filter: rule.at("filter"), prefix: rule.text("prefix") ?? "" };
  const isWhole = prefix === "" && filter.keys().every((key) => filter.text(key) === "");
  return rule.text("status") === "Enabled" && isWhole && given(rule.at("abortIncompleteMultipartUpload"));
}

/** A copy that follows deletions is none. Without a filter, replication is of the old kind, which follows them. */
function* requireCopy(rule: View, status: View): Generator<Outcome> {
  yield* attempt(() => requireOneOf(status, ["Disabled"], rule.at("filter").present ? "Disabled" : "Enabled"));
}

/** What the lifecycle of sandbox snapshots may do is to move them; the agent removes them after it verified the archive. */
const lasting = /archive|sandbox|snapshot/i;

export const snapshotsKept: Rule = {
  id: "Q19",
  name: "snapshots-kept",
  title: "Sandbox snapshots are moved to colder storage and never expire.",
  family: "retention",
  severity: "high",
  reason: "A rule by age removes the last twenty as soon as nobody runs anything.",
  remediation: "transitions instead of expiration",
  upstream: [],
  checks: {
    ...each(s3Lifecycle, ({ name, props }) => refuseExpiry(name, props.items("rules"))),
    ...each(s3Buckets, ({ name, props }) => refuseExpiry(name, props.items("lifecycleRules"))),
    [gcsBucket]: function* ({ name, props }) {
      for (const rule of props.items("lifecycleRules"))
        yield* attempt(function* () {
          const prefixes = rule.items("condition", "matchesPrefixes").flatMap((one) => one.text() ?? []);
          if (rule.text("action", "type") === "Delete" && takesLasting(name, prefixes)) yield removal(rule);
        });
    },
    "azure-native:storage:ManagementPolicy": function* ({ name, props }) {
      for (const rule of props.items("policy", "rules"))
        yield* attempt(function* () {
          const actions = rule.at("definition", "actions");
          const deletes = ["baseBlob", "snapshot", "version"].some((what) => given(actions.at(what, "delete")));
          const prefixes = rule.items("definition", "filters", "prefixMatch").flatMap((one) => one.text() ?? []);
          if (deletes && takesLasting(name, prefixes)) yield removal(rule);
        });
    },
  },
};

function* refuseExpiry(name: string, rules: readonly View[]): Generator<Outcome> {
  for (const rule of rules)
    yield* attempt(function* () {
      if (!["expiration", "noncurrentVersionExpiration"].some((key) => given(rule.at(key)))) return;
      const prefix = [["filter", "prefix"], ["filter", "and", "prefix"], ["prefix"]].flatMap(
        (path) => rule.text(...path) ?? [],
      );
      if (takesLasting(name, prefix)) yield removal(rule);
    });
}

/** Whether what a rule is for is to last: by the beginnings of names that it is for, or, if it is for all of a store, by the store's. */
function takesLasting(store: string, prefixes: readonly string[]): boolean {
  const some = prefixes.filter((one) => one !== "");
  return (some.length === 0 ? [store] : some).some((one) => lasting.test(one));
}

function removal(rule: View): Outcome {
  return { at: rule, found: "removes by age what is to last" };
}

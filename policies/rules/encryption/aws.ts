import { requireFalse, requireOneOf, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { eachAllowed } from "../documents.ts";
import { awsInstances, given, launchConfiguration, launchTemplate, pointingAt, spotFleet } from "../machines.ts";
import { s3Buckets, s3Encryption, s3Logging } from "../stores.ts";

/** Disks of instances and launch configurations: root and others, each with `encrypted`, false when left out. */
function* checkDisks(machine: View): Generator<Outcome> {
  yield* checkDisk(machine.at("rootBlockDevice"));
  yield* attempt(function* () {
    for (const disk of machine.items("ebsBlockDevices")) yield* checkDisk(disk);
  });
}

function* checkDisk(disk: View): Generator<Outcome> {
  yield* requireTrue(disk.at("encrypted"));
}

/** The property has to name a key. Amazon's own, by its alias, is everybody's in the account. */
function requireOwnKey(key: View): Iterable<Outcome> {
  return attempt(function* () {
    if (given(key) && (key.unknown || !key.matches(/alias\/aws\//))) return;
    yield { at: key, found: "is left out, or Amazon's own", expected: "a key of this deployment" };
  });
}

/** Names of the first disk, as images give them. */
const firstDisk = /^\/dev\/(sda1?|xvda1?)$/;

export const instanceDisks: Rule = {
  id: "E01",
  name: "instance-disks-encrypted",
  title: "Every disk of an instance, launch configuration or spot fleet is encrypted.",
  family: "encryption",
  severity: "critical",
  reason: "A snapshot of the disk would be readable by whoever gets it.",
  remediation: "rootBlockDevice: { encrypted: true, kmsKeyId }, ebsBlockDevices: [{ encrypted: true, … }]",
  upstream: [
    "CKV_AWS_8",
    "AWS-0008",
    "AWS-0131",
    "aws-ec2-instance-disallow-unencrypted-root-block-device",
    "aws-ec2-instance-disallow-unencrypted-block-device",
    "EC2.3",
  ],
  checks: {
    ...each([...awsInstances, launchConfiguration], ({ props }) => checkDisks(props)),
    [spotFleet]: function* ({ props }) {
      for (const one of props.items("launchSpecifications")) {
        for (const disk of [...one.items("rootBlockDevices"), ...one.items("ebsBlockDevices")]) yield* checkDisk(disk);
        yield* attempt(function* () {
          if (one.count("rootBlockDevices") === 0)
            yield { at: one, found: "leaves out its root disk, which is then not encrypted" };
        });
      }
    },
  },
};

export const templateDisks: Rule = {
  id: "E02",
  name: "template-disks-encrypted",
  title:
    "Every disk that a launch template maps is encrypted, with a key of this deployment, and the root disk is mapped.",
  family: "encryption",
  severity: "critical",
  reason: "A template that says nothing of a disk takes the account's default, which is no encryption.",
  remediation:
    'blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { encrypted: "true", kmsKeyId: key.arn, volumeSize: 50 } }]',
  upstream: [
    "aws-ec2-launchtemplate-disallow-unencrypted-block-device",
    "aws-ec2-launchtemplate-configure-customer-managed-key",
  ],
  checks: {
    [launchTemplate]: function* ({ props }) {
      const mappings = props.items("blockDeviceMappings");
      const names = mappings.map((one) => one.at("deviceName"));
      if (!names.some((name) => name.unknown || name.matches(firstDisk)))
        yield {
          at: props.at("blockDeviceMappings"),
          found: "leaves out the first disk, which is then as the account's default says",
        };
      for (const mapping of mappings) {
        yield* attempt(function* () {
          const ebs = mapping.at("ebs");
          // noDevice and virtualName stand for no EBS disk at all.
          if (!ebs.unknown && !ebs.present) return;
          yield* requireTrue(ebs.at("encrypted"));
          yield* requireOwnKey(ebs.at("kmsKeyId"));
        });
      }
    },
  },
};

export const volumesEncrypted: Rule = {
  id: "E03",
  name: "volumes-encrypted",
  title: "EBS volumes are encrypted with a key of this deployment.",
  family: "encryption",
  severity: "critical",
  reason: "A volume outlives its machine, and its snapshot goes anywhere.",
  remediation: "encrypted: true, kmsKeyId: key.arn",
  upstream: [
    "CKV_AWS_3",
    "CKV_AWS_189",
    "CKV2_AWS_2",
    "AWS-0026",
    "AWS-0027",
    "ebs-volume-encryption-required",
    "EC2.3",
    "CIS-AWS-6.1.1",
  ],
  checks: {
    "aws:ebs/volume:Volume": function* ({ props }) {
      yield* requireTrue(props.at("encrypted"));
      yield* requireOwnKey(props.at("kmsKeyId"));
    },
  },
  stack: function* (resource, stack) {
    if (resource.type !== "aws:ebs/volume:Volume") return;
    if (pointingAt(stack, resource, ["aws:ec2/volumeAttachment:VolumeAttachment"], "volumeId").length > 0) return;
    if (stack.resources.some(({ dependencies }) => dependencies.some(({ urn }) => urn === resource.urn))) return;
    yield { found: "is attached to nothing of this stack" };
  },
};

export const encryptionByDefault: Rule = {
  id: "E04",
  name: "encryption-by-default",
  title: "The account's default encryption of disks is never turned off.",
  family: "encryption",
  severity: "high",
  reason: "It is what catches a disk that a program forgot.",
  remediation: "enabled: true",
  upstream: ["CKV_AWS_106", "EC2.7"],
  checks: { "aws:ebs/encryptionByDefault:EncryptionByDefault": ({ props }) => requireTrue(props.at("enabled"), true) },
};

export const imagesEncrypted: Rule = {
  id: "E05",
  name: "images-encrypted",
  title: "Images, their copies and copies of snapshots are encrypted with a key of this deployment.",
  family: "encryption",
  severity: "high",
  reason: "An image holds the workload and everything baked with it.",
  remediation: "encrypted: true, kmsKeyId: key.arn",
  upstream: ["CKV_AWS_183", "CKV_AWS_199", "CKV_AWS_200", "CKV_AWS_204", "CKV_AWS_235", "CKV_AWS_236"],
  checks: {
    ...each(["aws:ec2/amiCopy:AmiCopy", "aws:ebs/snapshotCopy:SnapshotCopy"], function* ({ props }) {
      yield* requireTrue(props.at("encrypted"));
      yield* requireOwnKey(props.at("kmsKeyId"));
    }),
    "aws:ec2/ami:Ami": function* ({ props }) {
      for (const disk of props.items("ebsBlockDevices"))
        yield* attempt(function* () {
          // A disk made from a snapshot is encrypted as the snapshot is.
          if (!given(disk.at("snapshotId"))) yield* requireTrue(disk.at("encrypted"));
        });
    },
  },
};

export const efsEncrypted: Rule = {
  id: "E06",
  name: "shared-files-encrypted",
  title: "Shared file systems are encrypted with a key of this deployment.",
  family: "encryption",
  severity: "critical",
  reason: "A shared cache is read by every node.",
  remediation: "encrypted: true, kmsKeyId: key.arn",
  upstream: ["CKV_AWS_42", "CKV_AWS_184", "AWS-0037", "efs-encryption-required", "EFS.1", "CIS-AWS-3.3.1"],
  checks: {
    "aws:efs/fileSystem:FileSystem": function* ({ props }) {
      yield* requireTrue(props.at("encrypted"));
      yield* requireOwnKey(props.at("kmsKeyId"));
    },
  },
};

export const bucketsEncrypted: Rule = {
  id: "E07",
  name: "buckets-encrypted",
  title: "S3 buckets encrypt with a key of this deployment, with a bucket key.",
  family: "encryption",
  severity: "high",
  reason: "With Amazon's own key, whoever may read the bucket may read the text.",
  remediation:
    'new aws.s3.BucketServerSideEncryptionConfiguration(name, { bucket: bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn }, bucketKeyEnabled: true }] })',
  upstream: ["CKV_AWS_19", "CKV_AWS_145", "AWS-0088", "AWS-0132", "s3-bucket-encryption", "S3.17"],
  checks: {
    ...each(s3Encryption, function* ({ props, name }) {
      const rules = props.items("rules");
      if (rules.length === 0) yield { at: props.at("rules"), found: "has no rule" };
      if (!isForLogs(name)) for (const rule of rules) yield* checkSse(rule);
    }),
    ...each(s3Buckets, function* ({ props }) {
      for (const rule of rulesWithin(props)) yield* checkSse(rule);
    }),
  },
  stack: function* (resource, stack) {
    if (s3Encryption.includes(resource.type) && isForLogs(resource.name)) {
      const takesLogs = stack
        .ofType(...s3Buckets)
        .filter((bucket) => pointingAt(stack, bucket, s3Logging, "targetBucket").length > 0)
        .some((bucket) => pointingAt(stack, bucket, s3Encryption, "bucket").includes(resource));
      if (!takesLogs) yield { found: "is excused as a store of access logs, and nothing delivers its logs there" };
    }
    if (!s3Buckets.includes(resource.type) || rulesWithin(resource.props).length > 0) return;
    if (pointingAt(stack, resource, s3Encryption, "bucket").length === 0)
      yield { found: "has no encryption by a key of this deployment" };
  },
};

/** Rules that stand in the bucket itself, in the two spellings of its two versions. */
function rulesWithin(bucket: View): readonly View[] {
  return [
    ...bucket.at("serverSideEncryptionConfiguration").items("rule"),
    ...bucket.items("serverSideEncryptionConfigurations").flatMap((one) => one.items("rules")),
  ];
}

/**
 * S3 delivers its access logs only into a bucket that it encrypts with a key of its own. A resource by itself shows no more
 * than its name; that logs are delivered there is seen in the stack.
 */
function isForLogs(name: string): boolean {
  return name.endsWith("-logs");
}

function* checkSse(rule: View): Generator<Outcome> {
  const apply = rule.at("applyServerSideEncryptionByDefault");
  yield* requireOneOf(apply.at("sseAlgorithm"), ["aws:kms", "aws:kms:dsse"]);
  yield* requireOwnKey(apply.at("kmsMasterKeyId"));
  yield* requireTrue(rule.at("bucketKeyEnabled"));
}

export const logsEncrypted: Rule = {
  id: "E08",
  name: "messages-encrypted",
  title: "Log groups, topics, queues, parameters and secrets are encrypted with a key of this deployment.",
  family: "encryption",
  severity: "high",
  reason: "Logs name hosts and jobs, and secrets are secrets.",
  remediation: "kmsKeyId: key.arn",
  upstream: [
    "CKV_AWS_158",
    "CKV_AWS_26",
    "CKV_AWS_337",
    "CKV_AWS_149",
    "CKV2_AWS_34",
    "AWS-0017",
    "AWS-0095",
    "AWS-0136",
    "AWS-0098",
    "cloudwatch-log-group-kms-encryption-enabled",
    "SNS.1",
  ],
  checks: {
    ...each(["aws:cloudwatch/logGroup:LogGroup", "aws:secretsmanager/secret:Secret"], ({ props }) =>
      requireOwnKey(props.at("kmsKeyId")),
    ),
    ...each(["aws:sns/topic:Topic", "aws:sqs/queue:Queue"], ({ props }) => requireOwnKey(props.at("kmsMasterKeyId"))),
    "aws:ssm/parameter:Parameter": function* ({ props }) {
      yield* requireOneOf(props.at("type"), ["SecureString"]);
      yield* requireOwnKey(props.at("keyId"));
    },
  },
};

/** The shortest time in days between asking for a key's end and its end, so that a mistake can be undone (Q18). */
const leastDeletionDays = 30;

export const keysKept: Rule = {
  id: "E09",
  name: "keys-kept",
  title: "Keys rotate, are on, cannot be removed at once, and are for named principals.",
  family: "encryption",
  severity: "high",
  reason: "What a lost key encrypted is lost; what everybody's key encrypted is public.",
  remediation: "enableKeyRotation: true, deletionWindowInDays: 30, policy: …",
  upstream: [
    "CKV_AWS_7",
    "CKV_AWS_33",
    "CKV_AWS_227",
    "CKV2_AWS_64",
    "CKV_GCP_43",
    "CKV_GCP_82",
    "CKV_GCP_112",
    "CKV2_GCP_6",
    "CKV2_GCP_8",
    "AWS-0065",
    "GCP-0065",
    "kms-key-rotation-enabled",
    "kms-key-deletion-lifecycle",
    "kms-cmk-not-scheduled-for-deletion",
    "KMS.3",
    "KMS.4",
    "KMS.5",
    "CIS-AWS-4.6",
    "CIS-GCP-1.9",
    "CIS-GCP-1.10",
  ],
  checks: {
    ...each(
      ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey"],
      function* ({ type, props }) {
        if (type === "aws:kms/key:Key") {
          yield* attempt(function* () {
            const spec = props.string("customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
            // KMS rotates symmetric keys only.
            if (spec === "SYMMETRIC_DEFAULT") yield* requireTrue(props.at("enableKeyRotation"));
          });
        }
        yield* requireTrue(props.at(type === "aws:kms/key:Key" ? "isEnabled" : "enabled"), true);
        yield* requireWithin(props.at("deletionWindowInDays"), leastDeletionDays, 30, 30);
        yield* requireFalse(props.at("bypassPolicyLockoutSafetyCheck"));
        yield* eachAllowed(props.at("policy"), function* ({ at, anyone, hasCondition }) {
          if (anyone && !hasCondition) yield { at, found: "lets everybody use the key" };
        });
      },
    ),
    "gcp:kms/cryptoKey:CryptoKey": function* ({ props }) {
      yield* attempt(function* () {
        if ((props.string("purpose") ?? "ENCRYPT_DECRYPT") !== "ENCRYPT_DECRYPT") return;
        const period = props.at("rotationPeriod");
        // 90 days, as CIS asks; the value is written in seconds, as `7776000s`.
        const seconds = Number(period.string()?.slice(0, -1));
        if (!(seconds >= 86_400 && seconds <= 90 * 86_400))
          yield { at: period, found: "is no time of at most 90 days", expected: '"7776000s"' };
      });
      yield* requireOneOf(props.at("deletionPolicy"), ["PREVENT", "ABANDON"]);
    },
    ...each(
      [
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
        "gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding",
        "gcp:kms/keyRingIAMMember:KeyRingIAMMember",
        "gcp:kms/keyRingIAMBinding:KeyRingIAMBinding",
      ],
      function* ({ props }) {
        for (const member of [...props.items("member"), ...props.items("members")])
          yield* attempt(function* () {
            if (member.matches(/^all(Authenticated)?Users$/)) yield { at: member, found: "lets everybody use the key" };
          });
      },
    ),
  },
  // The policy names the roles that may use the key, which come to be in the same update.
  knownAtUpdate: ["policy", "member", "members"],
};

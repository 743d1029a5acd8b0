import { Volume } from "@pulumi/aws/ebs/volume.js";
import { Role as IamRole } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { ServiceLinkedRole } from "@pulumi/aws/iam/serviceLinkedRole.js";
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import * as pulumi from "@pulumi/pulumi";
import { Data, type DataArgs } from "../contract.ts";
import type { Account } from "./account.ts";
import {
  assumedBy,
  ownedByAccount,
  policyDocument,
  type Statement,
  usedByLogs,
  usedByRole,
  usedByServices,
} from "./policy.ts";
import { type Store, Stores } from "./stores.ts";

/** The longest that AWS waits before it destroys a key: whatever the key encrypted is lost with it. */
const keyDeletionDays = 30;

/** The scheduler's state and its records of jobs: some hundred MB a year. */
const stateDiskGb = 8;
/** What its volume is called, and found by for snapshots. */
export const stateDisk = "control-state";

/** The key, the three stores, the scheduler's disk, and who may do what with them. */
export class AwsData extends Data {
  readonly keep: boolean;
  readonly keyId: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  readonly cacheUrl: pulumi.Output<string>;
  readonly auditUrl: pulumi.Output<string>;
  readonly archiveUrl: pulumi.Output<string>;
  /** The pool's own role at AWS: made here, because the key must know it before the first node starts. */
  readonly scalingRole: pulumi.Output<string>;
  /** In the first zone, where the control plane stands. It depends on nothing that goes: a destroy would keep that too. */
  readonly stateVolume: Volume;

  constructor(name: string, args: DataArgs, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.keep = args.keep;
    const scaling = new ServiceLinkedRole(
      `${name}-scaling`,
      {
        awsServiceName: "autoscaling.amazonaws.com",
        // With a suffix it is this stack's alone: the role without one exists once an account, or not.
        customSuffix: account.scalingSuffix,
        tags: account.tags("scaling"),
      },
      // The key names it, and stays.
      { parent: this, protect: args.keep },
    );
    this.scalingRole = scaling.arn;
    const key = new Key(
      name,
      {
        description: `LOGOS ${args.stack}: disks, stores, secrets, alarms`,
        enableKeyRotation: true,
        deletionWindowInDays: keyDeletionDays,
        policy: policyDocument(keyPolicy(account, scaling.arn)),
        tags: account.tags("data"),
      },
      { parent: this, protect: args.keep },
    );
    new Alias(name, { name: `alias/${account.name("data")}`, targetKeyId: key.keyId }, { parent: this });
    this.keyId = key.keyId;
    this.keyArn = key.arn;

    const roles = {
      // The cache's own policy names the publisher, and stays.
      publisher: personalRole("publisher", `${name}-publisher`, account, { parent: this, protect: args.keep }),
      operator: personalRole("operator", `${name}-operator`, account, { parent: this }),
    };
    const stores = new Stores({ name, args, account, key, publisher: roles.publisher.arn, parent: this });
    const url = (store: Store) => pulumi.interpolate`s3://${stores.bucket(store)}`;
    this.cacheUrl = url("cache");
    this.auditUrl = url("audit");
    this.archiveUrl = url("archive");
    const [availabilityZone = ""] = account.zones;
    this.stateVolume = new Volume(
      `${name}-state`,
      {
        availabilityZone,
        size: stateDiskGb,
        type: "gp3",
        encrypted: true,
        kmsKeyId: key.arn,
        tags: account.tags(stateDisk),
      },
      { parent: this, protect: args.keep },
    );
    const useKey: Statement = {
      Sid: "UseKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: key.arn,
    };
    const grant = (role: keyof typeof roles, statements: readonly Statement[]) =>
      new RolePolicy(
        `${name}-${role}`,
        { role: roles[role].name, policy: policyDocument([...statements, useKey]) },
        { parent: this },
      );
    grant("publisher", [
      {
        Sid: "WriteCache",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"],
        Resource: `${account.bucketArn("cache")}/*`,
      },
      { Sid: "ListCache", Effect: "Allow", Action: "s3:ListBucket", Resource: account.bucketArn("cache") },
    ]);
    grant("operator", [
      {
        Sid: "ReadEverything",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"],
        Resource: stores.names.map((store) => `${account.bucketArn(store)}/*`),
      },
      {
        Sid: "ListEverything",
        Effect: "Allow",
        Action: ["s3:ListBucket", "s3:ListBucketVersions"],
        Resource: stores.names.map((store) => account.bucketArn(store)),
      },
      {
        Sid: "MoveToArchive",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:RestoreObject"],
        Resource: `${account.bucketArn("archive")}/*`,
      },
    ]);
    this.registerOutputs({ keyId: this.keyId, auditUrl: this.auditUrl });
  }
}

/** A role that operators take on for what it is for, and no longer. */
function personalRole(role: string, name: string, account: Account, opts: pulumi.CustomResourceOptions): IamRole {
  return new IamRole(
    name,
    {
      name: account.name(role),
      assumeRolePolicy: assumedBy({ AWS: account.settings.operators }),
      tags: account.tags(role),
    },
    opts,
  );
}

function keyPolicy(account: Account, scalingRole: pulumi.Input<string>): readonly Statement[] {
  return [
    ownedByAccount(account),
    // Without these two, nodes with encrypted disks end as soon as they start: Client.InternalError.
    usedByRole("PoolUsesKey", scalingRole),
    {
      Sid: "PoolGrantsDisks",
      Effect: "Allow",
      Principal: { AWS: scalingRole },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
    usedByLogs(account),
    usedByServices("AlarmsUseKey", ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"], {
      StringEquals: { "aws:SourceAccount": account.settings.account },
    }),
  ];
}

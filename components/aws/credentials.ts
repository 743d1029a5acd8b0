import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import { Role as IamRole } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";
import type { Role } from "../../core/roles.ts";
import { demandMetric } from "../cloud/demand.ts";
import { Credentials, type CredentialsArgs } from "../contract.ts";
import { RandomSecret } from "../lab/sdk.ts";
import type { Account } from "./account.ts";
import type { AwsParts } from "./parts.ts";
import { assumedBy, policyDocument, type Statement } from "./policy.ts";

/** One secret and one identity for each role: machines read theirs, by being what they are. */
export class AwsCredentials extends Credentials {
  readonly role: Role;
  /** Name of the instance profile. Stands when a machine that is born with it can read its credentials. */
  readonly profile: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: CredentialsArgs<AwsParts>, account: Account, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.role = args.role;
    const { data } = args;
    const secret = new Secret(
      name,
      {
        name: account.secret(args.role),
        kmsKeyId: data.keyArn,
        // What it holds stands in the stack's state. A waiting time would keep its name from the next stack.
        recoveryWindowInDays: 0,
        tags: account.tags(`${args.role}-credentials`),
      },
      { parent: this },
    );
    const version = new SecretVersion(
      name,
      { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify(allValues(this, name, args))) },
      { parent: this },
    );
    const role = new IamRole(
      name,
      {
        name: account.name(args.role),
        assumeRolePolicy: assumedBy({ Service: "ec2.amazonaws.com" }),
        tags: account.tags(args.role),
      },
      { parent: this },
    );
    const rights = new RolePolicy(
      name,
      {
        role: role.name,
        policy: policyDocument([
          { Sid: "ReadOwnSecret", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret.arn },
          {
            Sid: "DecryptOwnSecret",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: data.keyArn,
            Condition: {
              StringEquals: {
                "kms:ViaService": `secretsmanager.${account.settings.region}.amazonaws.com`,
                "kms:EncryptionContext:SecretARN": secret.arn,
              },
            },
          },
          {
            Sid: "WriteLogs",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            Resource: account.arn("logs", `log-group:${account.logGroup}/machines:*`),
          },
          ...rightsOf(args.role, account, data.keyArn),
        ]),
      },
      { parent: this },
    );
    const profile = new InstanceProfile(
      name,
      { name: account.name(args.role), role: role.name, tags: account.tags(args.role) },
      { parent: this },
    );
    this.profile = profile.name;
    this.ready = [version, rights];
    this.registerOutputs({ profile: this.profile });
  }
}

/** What is handed to every machine of the role, and for nodes a key for their cache disks, beneath what AWS encrypts. */
function allValues(parent: Credentials, name: string, { role, values }: CredentialsArgs<AwsParts>) {
  if (role !== "node") return values;
  const disk = new RandomSecret(`${name}-disk`, { name: "disk", bytes: 32 }, { parent });
  return { ...values, "logos.disk-key": disk.base64 };
}

/** CloudWatch knows no resources: a namespace is the narrowest there is. */
const sayMetrics: Statement = {
  Sid: "SayMetrics",
  Effect: "Allow",
  Action: "cloudwatch:PutMetricData",
  Resource: "*",
  Condition: { StringEquals: { "cloudwatch:namespace": demandMetric.namespace } },
};

function rightsOf(role: Role, account: Account, keyArn: pulumi.Input<string>): readonly Statement[] {
  const region = account.settings.region;
  switch (role) {
    case "bastion":
    case "builder":
      return [];
    case "control":
      return [sayMetrics];
    case "node":
      return [
        sayMetrics,
        {
          Sid: "ReadCache",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:GetObjectVersion"],
          Resource: `${account.bucketArn("cache")}/*`,
        },
        { Sid: "ListCache", Effect: "Allow", Action: "s3:ListBucket", Resource: account.bucketArn("cache") },
        // Put, and nothing else: what a node wrote it can neither read, change nor delete.
        { Sid: "PutAudit", Effect: "Allow", Action: "s3:PutObject", Resource: `${account.bucketArn("audit")}/*` },
        {
          Sid: "UseKeyInStores",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: keyArn,
          Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
        },
        {
          Sid: "AnswerPool",
          Effect: "Allow",
          Action: ["autoscaling:CompleteLifecycleAction", "autoscaling:RecordLifecycleActionHeartbeat"],
          Resource: account.poolArn,
        },
      ];
  }
}

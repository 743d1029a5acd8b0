import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../core/config/parse.ts";
import { filesFolder } from "../../images/files.ts";
import { awsConfig } from "./aws.ts";
import type { MockedEngine } from "./engine.ts";
import { declareSubstrate } from "./substrate.ts";

let engine: MockedEngine;
beforeAll(async () => {
  engine = (await declareSubstrate(awsConfig)).engine;
});

const group = () => Object(engine.get("aws:autoscaling/group:Group", "pool").inputs);
const template = () => Object(engine.get("aws:ec2/launchTemplate:LaunchTemplate", "pool").inputs);

/** What waits for those who use AWS. Each test is named after the trap that it keeps shut. */
describe("the pool on AWS", () => {
  it("trap: desiredCapacity: each up would put the autoscaler's number back", () => {
    expect("desiredCapacity" in group()).toBe(false);
    expect(group()).toMatchObject({ minSize: 3, maxSize: 6 });
  });

  it("trap: waitForCapacityTimeout: ten minutes are over before three gates have passed", () => {
    expect(group().waitForCapacityTimeout).toBe("60m");
    expect(engine.get("aws:autoscaling/group:Group", "pool").createTimeout).toBe("70m");
  });

  it('trap: "$Latest" starts no replacement: the template is named by a number', () => {
    expect(group().launchTemplate).toEqual({ id: "pool-id", version: "7" });
    expect(group().instanceRefresh).toMatchObject({ strategy: "Rolling" });
    expect(template().updateDefaultVersion).toBe(true);
  });

  it("trap: instance refresh and max 6: with six at work there must be room for a seventh", () => {
    const room = { minHealthyPercentage: 100, maxHealthyPercentage: 134 };
    expect(group().instanceMaintenancePolicy).toEqual(room);
    expect(group().instanceRefresh.preferences).toMatchObject(room);
    expect(Math.floor((6 * room.maxHealthyPercentage) / 100)).toBeGreaterThan(6);
  });

  it("trap: the size of a warm pool is a difference: without a bound it would be three machines, not one", () => {
    expect(group().warmPool).toMatchObject({ poolState: "Stopped", minSize: 1, maxGroupPreparedCapacity: 4 });
  });

  it("trap: warm pool and mixed instances: one template, no spot", () => {
    expect(group().mixedInstancesPolicy).toBeUndefined();
    expect(template().instanceMarketOptions).toBeUndefined();
  });

  it("has no warm pool where nobody asked for standby nodes", async () => {
    const none = await declareSubstrate({ ...awsConfig, pool: { min: 3, max: 6, standby: 0 } });
    expect("warmPool" in Object(none.engine.get("aws:autoscaling/group:Group", "pool").inputs)).toBe(false);
  });

  it("trap: a separate LifecycleHook misses the first instances: hooks come with the group, and who says nothing is replaced", () => {
    expect(group().initialLifecycleHooks).toEqual([
      expect.objectContaining({ lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING", defaultResult: "ABANDON" }),
      expect.objectContaining({
        lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
        defaultResult: "CONTINUE",
      }),
    ]);
    expect(engine.ofType("aws:autoscaling/lifecycleHook:LifecycleHook")).toEqual([]);
  });

  it("trap: CMK on EBS and an Auto Scaling group: the role exists first, and the key lets it make grants for disks", () => {
    const statements = JSON.parse(String(engine.get("aws:kms/key:Key", "data").inputs.policy)).Statement;
    const role = "arn:aws:mock:::role/data-scaling";
    expect(statements).toContainEqual(
      expect.objectContaining({
        Principal: { AWS: role },
        Action: "kms:CreateGrant",
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      }),
    );
    expect(statements).toContainEqual(
      expect.objectContaining({
        Principal: { AWS: role },
        Action: expect.arrayContaining(["kms:Decrypt", "kms:GenerateDataKey*"]),
      }),
    );
    expect(group().serviceLinkedRoleArn).toBe(role);
    const suffix = String(
      engine.get("aws:iam/serviceLinkedRole:ServiceLinkedRole", "data-scaling").inputs.customSuffix,
    );
    expect(`AWSServiceRoleForAutoScaling_${suffix}`.length).toBeLessThanOrEqual(64);
  });

  it("trap: ebs.encrypted with snapshotId: a disk of the image is encrypted without naming its snapshot", () => {
    const mappings: readonly { deviceName: string; ebs: Record<string, unknown> }[] = template().blockDeviceMappings;
    expect(mappings.map(({ deviceName, ebs }) => [deviceName, ebs.volumeSize])).toEqual([
      ["/dev/sda1", 50],
      ["/dev/sdf", 100],
    ]);
    for (const { ebs } of mappings) {
      // Truth values are words in a launch template.
      expect(ebs).toMatchObject({ encrypted: "true", deleteOnTermination: "true", kmsKeyId: "arn:aws:kms:::key/data" });
      expect("snapshotId" in ebs).toBe(false);
    }
  });

  it("gives a node no public address, IMDSv2 alone, and no way to be revived", () => {
    expect(template().networkInterfaces).toEqual([
      expect.objectContaining({ associatePublicIpAddress: "false", securityGroups: ["network-firewall-node-id"] }),
    ]);
    expect(template().metadataOptions).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
    expect(template().maintenanceOptions).toEqual({ autoRecovery: "disabled" });
  });

  it("grows by the demand and by CPU, and shrinks by the demand alone", () => {
    const tracking = (name: string) =>
      Object(engine.get("aws:autoscaling/policy:Policy", name).inputs).targetTrackingConfiguration;
    expect(tracking("pool-demand").disableScaleIn).toBeUndefined();
    expect(tracking("pool-demand").targetValue).toBe(1);
    const metrics: readonly { id: string; expression?: string; metricStat?: { metric: unknown } }[] =
      tracking("pool-demand").customizedMetricSpecification.metrics;
    expect(metrics.map(({ id, expression }) => expression ?? id)).toEqual(["wanted", "serving", "wanted / serving"]);
    expect(metrics[0]?.metricStat?.metric).toEqual({
      namespace: "logos",
      metricName: "nodes_wanted",
      dimensions: [{ name: "Pool", value: "logos-dev-pool" }],
    });
    expect(tracking("pool-busy")).toMatchObject({ disableScaleIn: true, targetValue: 90 });
    // Without it the metric that the demand is held against does not exist.
    expect(group().enabledMetrics).toContain("GroupInServiceInstances");
  });

  it("trap: c7i.xlarge: it has half of what a node must have, and is refused with that reason", () => {
    const parsed = parseConfig({ target: "aws", aws: '{"nodeType":"c7i.xlarge"}' }, "logos");
    if (parsed.ok) throw new Error("not refused");
    expect(parsed.mistakes.find(({ key }) => key === "logos:aws.nodeType")?.allowed).toMatch(
      /c7i\.xlarge has 4 CPUs and 8 GiB$/,
    );
  });
});

describe("the image on AWS", () => {
  const image = () => engine.get("aws:ec2/amiFromInstance:AmiFromInstance", "image");

  it("trap: AmiFromInstance from a running builder: it is stopped for the snapshot, and stopped again after it", () => {
    expect(image().inputs).toMatchObject({ sourceInstanceId: "image-builder-id", snapshotWithoutReboot: false });
    const off = engine.get("aws:ec2transitgateway/instanceState:InstanceState", "image-builder-off");
    expect(off.inputs).toMatchObject({ instanceId: "image-builder-id", state: "stopped" });
    expect(off.dependsOn).toContain("image");
  });

  it("is captured after the last step of the bake", () => {
    expect(image().dependsOn).toContain("image-builder-spec");
  });

  it("trap: a data disk attached to the builder becomes part of the image", () => {
    const builder = engine.get("aws:ec2/instance:Instance", "image-builder");
    expect(builder.inputs.ebsBlockDevices).toBeUndefined();
    const attached = engine.ofType("aws:ec2/volumeAttachment:VolumeAttachment").map(({ inputs }) => inputs.instanceId);
    expect(attached).toEqual(["control-id"]);
  });

  it("trap: replacing the AMI resource: the old image stays, and a name would keep the same recipe from coming back", () => {
    expect(image().retainOnDelete).toBe(true);
    expect("name" in image().inputs && image().inputs.name !== undefined).toBe(false);
    const { Name: _, ...tags } = Object(image().inputs.tags);
    expect(tags).toMatchObject({ "logos-proof-gated": "true", "logos-recipe": "ab".repeat(32) });
  });

  it("trap: the image is read from the builder only once: another recipe is another builder", () => {
    const builder = engine.get("aws:ec2/instance:Instance", "image-builder");
    expect(String(builder.inputs.userData)).toContain(`LOGOS_RECIPE=${"ab".repeat(32)}`);
    expect(builder.inputs.userDataReplaceOnChange).toBe(true);
    expect(builder.replaceOnChanges).toEqual(["userData"]);
    expect(builder.deleteBeforeReplace).toBe(false);
  });

  it("trap: a command runs again when the bastion's address changes: the address outlives its machine", () => {
    expect(engine.get("aws:ec2/eip:Eip", "bastion").dependsOn).not.toContain("bastion");
    expect(engine.get("command:remote:Command", "bastion-ready").dependsOn).toContain("bastion");
  });
});

describe("stores, key and account on AWS", () => {
  it("trap: account-wide switches: none is touched, because a destroy would switch them back for everybody", () => {
    const wide = [
      "aws:ebs/encryptionByDefault:EncryptionByDefault",
      "aws:ebs/defaultKmsKey:DefaultKmsKey",
      "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
      "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
      "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    ];
    expect(engine.declared.filter(({ type }) => wide.includes(type))).toEqual([]);
  });

  it("trap: Object Lock COMPLIANCE: nobody lifts it, so it is asked for by name", async () => {
    const lockOf = ({ engine: one }: { engine: MockedEngine }) =>
      Object(one.get("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "data-audit").inputs).rule
        .defaultRetention.mode;
    expect(lockOf({ engine })).toBe("GOVERNANCE");
    expect(lockOf(await declareSubstrate({ ...awsConfig, data: { ...awsConfig.data, lock: "compliance" } }))).toBe(
      "COMPLIANCE",
    );
  });

  it("trap: forceDestroy deletes locked objects too: never on the audit store, and on the others only when nothing is kept", async () => {
    const forced = (one: MockedEngine) =>
      one
        .ofType("aws:s3/bucket:Bucket")
        .map(({ name, inputs }) => [name, inputs.forceDestroy])
        .toSorted();
    expect(forced(engine)).toEqual([
      ["data-access-logs", false],
      ["data-archive", false],
      ["data-audit", false],
      ["data-cache", false],
    ]);
    const loose = await declareSubstrate({ ...awsConfig, data: { ...awsConfig.data, keep: false } });
    expect(forced(loose.engine)).toEqual([
      ["data-access-logs", true],
      ["data-archive", true],
      ["data-audit", false],
      ["data-cache", true],
    ]);
  });

  it("trap: a key that is destroyed takes what it encrypted with it: it is protected with the stores, and AWS waits 30 days", () => {
    const key = engine.get("aws:kms/key:Key", "data");
    expect(key.protect).toBe(true);
    expect(key.inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  });

  it("trap: the default security group: what lies in it talks freely, so nothing may", () => {
    expect(engine.get("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "network-default").inputs).toMatchObject({
      ingress: [],
      egress: [],
    });
    for (const { name, inputs } of engine.ofType("aws:ec2/instance:Instance"))
      expect(inputs.vpcSecurityGroupIds, name).toHaveLength(1);
  });

  it("trap: egress: a group lets everything out, unless its rules say what", () => {
    const withRules = new Set(
      engine
        .ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        .map(({ inputs }) => inputs.securityGroupId),
    );
    for (const role of ["bastion", "control", "builder", "node"])
      expect(withRules).toContain(`network-firewall-${role}-id`);
  });

  it("trap: teardown of the way out: address and gateway of translation go before the gateway of the network", () => {
    for (const type of ["aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway"])
      expect(engine.get(type, "network-outlet").dependsOn).toContain("network-gateway");
    expect(engine.get("aws:ec2/natGateway:NatGateway", "network-outlet").deleteBeforeReplace).toBe(true);
  });

  it("trap: a secret's name stays taken while it waits to be deleted: it does not wait", () => {
    for (const { name, inputs } of engine.ofType("aws:secretsmanager/secret:Secret"))
      expect(inputs.recoveryWindowInDays, name).toBe(0);
  });

  it("trap: SNS e-mail: nobody is written to who was not named", async () => {
    expect(engine.ofType("aws:sns/topicSubscription:TopicSubscription")).toHaveLength(1);
    const silent = await declareSubstrate({ ...awsConfig, alerts: { ...awsConfig.alerts, email: "" } });
    expect(silent.engine.ofType("aws:sns/topicSubscription:TopicSubscription")).toEqual([]);
  });

  it("trap: disk device names: on Nitro /dev/sdf is some NVMe disk, so the machine finds it by what it holds", () => {
    const script = readFileSync(join(filesFolder, "cloud/usr/lib/logos/data-disk"), "utf8");
    expect(script).not.toMatch(/\/dev\/(nvme|xvd|sd)/);
    expect(script).toContain("LOGOS_DISK");
    const settings = Buffer.from(String(template().userData), "base64").toString();
    expect(settings).toContain("LOGOS_DISK=/dev/logos-cache");
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unknown } from "../../../providers/lab/shape.ts";
import { table as aws } from "../aws/table.ts";
import { table as azure } from "../azure/table.ts";
import { table as gcp } from "../gcp/table.ts";
import { autoscale, groupsIn, membersOf } from "./groups.ts";
import { Trial } from "./trial.ts";

/** What a table refuses, without the engine. */
let trial: Trial;
beforeEach(() => {
  trial = new Trial(aws);
});
afterEach(() => trial.store.close());

const vpcType = "aws:ec2/vpc:Vpc";
const subnetType = "aws:ec2/subnet:Subnet";
const instanceType = "aws:ec2/instance:Instance";
const bucketType = "aws:s3/bucket:Bucket";

const vpc = () => trial.declare(vpcType, "vpc", { cidrBlock: "10.0.0.0/16" });
const subnetIn = (vpcId: string) =>
  trial.declare(subnetType, "a", { vpcId, cidrBlock: "10.0.1.0/24", availabilityZone: "eu-central-1a" });

describe("inputs", () => {
  it.each([
    ["at the top", { subnetID: "x" }, `no input "subnetID"; did you mean "subnetId"?`],
    [
      "in an object",
      { rootBlockDevice: { encrypt: true } },
      `no input "rootBlockDevice.encrypt"; did you mean "encrypted"?`,
    ],
    [
      "in a list",
      { ebsBlockDevices: [{ deviceNam: "/dev/sdf" }] },
      `"ebsBlockDevices[0].deviceNam"; did you mean "deviceName"?`,
    ],
    ["unlike any", { zzzzzzzzzzzz: 1 }, `no input "zzzzzzzzzzzz"`],
  ])("with a name that the SDK does not have are refused: %s", async (_, inputs, message) => {
    const declared = trial.declare(instanceType, "i", { ami: "ami-0000abcd", instanceType: "c7i.2xlarge", ...inputs });
    await expect(declared).rejects.toThrow(message);
  });

  it("that the SDK or the cloud needs are missed, in objects too", async () => {
    await expect(trial.declare(subnetType, "a", {})).rejects.toThrow('needs the input "vpcId"');
    await expect(trial.declare(vpcType, "v", {})).rejects.toThrow(`the cloud needs "cidrBlock"`);
    const devices = { ami: "ami-0000abcd", instanceType: "x", ebsBlockDevices: [{ volumeSize: 1 }] };
    await expect(trial.declare(instanceType, "i", devices)).rejects.toThrow(
      'needs the input "ebsBlockDevices[0].deviceName"',
    );
  });

  it("of another form are refused, and a text for a number is not", async () => {
    await expect(trial.declare(vpcType, "v", { cidrBlock: ["10.0.0.0/16"] })).rejects.toThrow(
      "must be one value, not a list",
    );
    await expect(trial.declare(vpcType, "v", { cidrBlock: "10.0.0.0/16", tags: "a" })).rejects.toThrow(
      "must be an object",
    );
    await trial.declare(vpcType, "v", { cidrBlock: "10.0.0.0/16", ipv4NetmaskLength: "16" });
  });

  it("that are not known yet are no mistake", async () => {
    const foreseen = await trial.foresee(subnetType, "a", {
      vpcId: unknown,
      cidrBlock: unknown,
      availabilityZone: "a",
    });
    expect(foreseen).toMatchObject({ vpcId: unknown, arn: unknown, availabilityZone: "a" });
  });

  it("of azure-native and gcp are read the same way", async () => {
    const google = new Trial(gcp);
    await expect(google.declare("gcp:compute/network:Network", "n", { autoCreateSubnets: false })).rejects.toThrow(
      'did you mean "autoCreateSubnetworks"?',
    );
    const microsoft = new Trial(azure);
    const network = { resourceGroupName: "g", addressSpace: { addressPrefix: ["10.0.0.0/16"] } };
    await expect(microsoft.declare("azure-native:network:VirtualNetwork", "n", network)).rejects.toThrow(
      'did you mean "addressPrefixes"?',
    );
  });
});

describe("types and functions without a row", () => {
  it("are refused by name", async () => {
    await expect(trial.declare("aws:sqs/queue:Queue", "q", {})).rejects.toThrow(
      "aws:sqs/queue:Queue is not in the table of the simulated aws",
    );
    await expect(trial.call("aws:ec2/getAmi:getAmi", {})).rejects.toThrow("aws:ec2/getAmi:getAmi is not in the table");
  });
});

describe("references", () => {
  it("must name a standing resource of the right type", async () => {
    await expect(subnetIn("vpc-0")).rejects.toThrow('vpcId "vpc-0" does not exist');
    const bucket = await trial.declare(bucketType, "b", { bucket: "a-bucket" });
    await expect(subnetIn(bucket.id)).rejects.toThrow("does not exist");
  });

  it("keep what they name from going, until they go", async () => {
    const network = await vpc();
    const subnet = await subnetIn(network.id);
    await expect(trial.remove(network)).rejects.toThrow(`${network.id} has a dependent object, ${subnet.id}`);
    await trial.remove(subnet);
    await trial.remove(network);
    expect(trial.store.everything()).toEqual([]);
  });

  it("follow an update", async () => {
    const [one, two] = [
      await trial.declare("aws:kms/key:Key", "one", {}),
      await trial.declare("aws:kms/key:Key", "two", {}),
    ];
    const key = (id: unknown) => ({ blockDeviceMappings: [{ deviceName: "/dev/sda1", ebs: { kmsKeyId: id } }] });
    const template = await trial.declare("aws:ec2/launchTemplate:LaunchTemplate", "t", key(one.outputs.arn));
    await expect(trial.remove(one)).rejects.toThrow("dependent object");
    await trial.change(template, key(two.outputs.arn));
    await trial.remove(one);
    await expect(trial.remove(two)).rejects.toThrow("dependent object");
  });

  it("to what the cloud provides need no resource", async () => {
    await trial.declare(instanceType, "i", { ami: "ami-0000abcd", instanceType: "c7i.2xlarge" });
    const own = { ami: "ami-00000000000000001", instanceType: "c7i.2xlarge" };
    await expect(trial.declare(instanceType, "j", own)).rejects.toThrow("does not exist");
  });
});

describe("names", () => {
  it.each(["Upper", "ab", "a".repeat(64), "under_score", "-first"])(
    "are refused by their rules: %s",
    async (bucket) => {
      await expect(trial.declare(bucketType, "b", { bucket })).rejects.toThrow(
        "cannot be the name of a aws:s3/bucket:Bucket",
      );
    },
  );

  it("belong to one resource at a time", async () => {
    await trial.declare(bucketType, "one", { bucket: "taken" });
    await expect(trial.declare(bucketType, "two", { bucket: "taken" })).rejects.toThrow("BucketAlreadyExists");
  });

  it("that are not given are made of the program's, stay over updates, and differ each time", async () => {
    const one = await trial.declare(bucketType, "cache", {});
    const two = await trial.declare(bucketType, "cache", {});
    expect(one.id).toMatch(/^cache-[0-9a-f]{7}$/);
    expect(two.id).not.toBe(one.id);
    expect((await trial.differ(one, {})).changes).toEqual([]);
  });
});

describe("what cannot change", () => {
  it("makes another resource; a chosen name has to be free first", async () => {
    const network = await vpc();
    const moved = await trial.differ(network, { cidrBlock: "10.1.0.0/16" });
    expect(moved).toMatchObject({ changes: [{ path: "cidrBlock", replaces: true }], deleteBeforeReplace: false });
    const bucket = await trial.declare(bucketType, "b", { bucket: "chosen" });
    expect(await trial.differ(bucket, { bucket: "chosen", objectLockEnabled: true })).toMatchObject({
      changes: [{ path: "objectLockEnabled", replaces: true }],
      deleteBeforeReplace: true,
    });
  });

  it("is told by places, inside of which everything counts", async () => {
    const base = { ami: "ami-0000abcd", instanceType: "c7i.2xlarge" };
    const instance = await trial.declare(instanceType, "i", { ...base, rootBlockDevice: { volumeSize: 50 } });
    const grown = await trial.differ(instance, { ...base, rootBlockDevice: { volumeSize: 60 } });
    expect(grown.changes).toEqual([{ path: "rootBlockDevice.volumeSize", kind: "UPDATE", replaces: false }]);
    const encrypted = await trial.differ(instance, { ...base, rootBlockDevice: { volumeSize: 50, encrypted: true } });
    expect(encrypted.changes).toEqual([{ path: "rootBlockDevice.encrypted", kind: "ADD", replaces: true }]);
  });
});

describe("a group of machines", () => {
  const group = async (inputs: object) => {
    const template = await trial.declare("aws:ec2/launchTemplate:LaunchTemplate", "t", { imageId: "ami-0000abcd" });
    const launchTemplate = { id: template.id, version: String(template.outputs.latestVersion) };
    return {
      template,
      declared: await trial.declare("aws:autoscaling/group:Group", "g", {
        minSize: 3,
        maxSize: 6,
        launchTemplate,
        ...inputs,
      }),
    };
  };
  const members = () => groupsIn(trial.store, aws.rows).flatMap(({ group: found }) => membersOf(found));

  it("begins with its minimum, and its number is the autoscaler's from then on, within bounds", async () => {
    const { declared } = await group({});
    expect(members()).toHaveLength(3);
    expect(autoscale(trial.store, aws.rows, 5)).toBe(5);
    expect(autoscale(trial.store, aws.rows, 9)).toBe(6);
    expect((await trial.read(declared))?.outputs.desiredCapacity).toBe(6);
    await trial.change(declared, { ...declared.inputs, maxSize: 4 });
    expect(members()).toHaveLength(4);
  });

  it("shows its number in an input that fixed it, so that the next up would put it back", async () => {
    const { declared } = await group({ desiredCapacity: 3 });
    autoscale(trial.store, aws.rows, 5);
    expect((await trial.read(declared))?.inputs.desiredCapacity).toBe(5);
  });

  it("replaces its machines one by one when its template changes, if it is told to, and never has fewer", async () => {
    const { declared, template } = await group({ instanceRefresh: { strategy: "Rolling" } });
    const before = members();
    const next = await trial.change(template, { imageId: "ami-1111abcd" });
    expect(next.outputs.latestVersion).toBe(2);
    expect(members()).toEqual(before);
    const mark = trial.store.sizeMark();
    await trial.change(declared, { ...declared.inputs, launchTemplate: { id: template.id, version: "2" } });
    expect(members().filter(({ id }) => before.some((old) => old.id === id))).toEqual([]);
    const [found] = groupsIn(trial.store, aws.rows);
    expect(Math.min(...trial.store.sizes(found?.group.key ?? 0, mark))).toBe(3);
  });

  it("keeps its machines when it is not told to", async () => {
    const { declared, template } = await group({});
    const before = members();
    await trial.change(template, { imageId: "ami-1111abcd" });
    await trial.change(declared, { ...declared.inputs, launchTemplate: { id: template.id, version: "2" } });
    expect(members()).toEqual(before);
  });
});

describe("a refused change", () => {
  it("leaves the cloud as it was", async () => {
    const network = await vpc();
    const before = trial.store.everything();
    await expect(trial.declare(subnetType, "a", { vpcId: network.id, cidrBlock: "x" })).rejects.toThrow();
    await expect(subnetIn("vpc-0")).rejects.toThrow();
    expect(trial.store.everything()).toEqual(before);
  });
});

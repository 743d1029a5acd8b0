import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changes } from "../../support/stack.ts";
import { must } from "../stack.ts";
import { Program } from "./program.ts";

/** What the harness itself promises, on the real engine with programs of a few lines. */
let program: Program;

const sdk = `
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { Group } from "@pulumi/aws/autoscaling/group.js";
import * as pulumi from "@pulumi/pulumi";
void [Vpc, Subnet, Instance, Bucket, Key, Role, InstanceProfile, LaunchTemplate, Group, pulumi];
`;

const vpc = `const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16" });`;
const subnet = `const subnet = new Subnet("a", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", availabilityZone: "eu-central-1a" });`;

beforeAll(async () => {
  program = new Program("integrity");
  await program.init({ "aws:region": "eu-central-1" });
});

afterAll(() => program.remove());

/** Brings up what the lines declare beside the imports. */
const up = (...lines: string[]) => program.up([sdk, ...lines].join("\n"));
const types = () => program.stack.cloud.everything().map(({ type }) => type.split(":")[2]);

describe("a simulated cloud behind the real engine", () => {
  // At the top level the SDK itself drops a name that it does not know, so that only the compiler sees it.
  it("refuses an input that the SDK does not have, and the engine makes nothing", async () => {
    const run = await up(
      `new Instance("i", { ami: "ami-0000abcd", instanceType: "c7i.2xlarge", rootBlockDevice: { encrypt: true } } as never);`,
    );
    expect(run.code).not.toBe(0);
    expect(run.output).toContain(`has no input "rootBlockDevice.encrypt"; did you mean "encrypted"?`);
    expect(types()).toEqual([]);
  });

  it("refuses a subnet that does not exist, for an instance", async () => {
    const run = await up(
      `new Instance("i", { ami: "ami-0000abcd", instanceType: "c7i.2xlarge", subnetId: "subnet-0000" });`,
    );
    expect(run.code).not.toBe(0);
    expect(run.output).toContain(`subnetId "subnet-0000" does not exist`);
  });

  it("does not know ids, addresses and ARNs in a preview, and knows names", async () => {
    program.write(`${sdk}${vpc}${subnet}
      const bucket = new Bucket("b", { bucket: "a-bucket" });
      export const seen = { vpc: vpc.id, arn: subnet.arn, bucket: bucket.bucket };`);
    const run = must(await program.stack.preview(), "preview");
    expect(run.output).toMatch(/arn +: \[unknown\]/);
    expect(run.output).toMatch(/bucket: "a-bucket"/);
    expect(run.output).toMatch(/vpc +: \[unknown\]/);
  });

  it("refuses to delete a VPC while a subnet that the stack does not know stands in it", async () => {
    must(await up(vpc, subnet), "up");
    const urn = "urn:pulumi:engine-integrity::program::aws:ec2/subnet:Subnet::a";
    must(await program.stack.pulumi(["state", "delete", urn, "--yes", "--stack", program.stack.name]), "state delete");
    const refused = await program.stack.destroy();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("DependencyViolation");
    expect(types()).toContain("Vpc");
    for (const standing of program.stack.cloud.all("aws:ec2/subnet:Subnet")) program.stack.cloud.remove(standing.key);
    must(await program.stack.destroy(), "destroy");
    expect(types()).toEqual([]);
  });

  it("refuses to delete a bucket with locked objects, whatever forceDestroy says", async () => {
    must(await up(`new Bucket("audit", { objectLockEnabled: true, forceDestroy: true });`), "up");
    const [bucket] = program.stack.cloud.all("aws:s3/bucket:Bucket");
    if (bucket === undefined) throw new Error("There is no bucket");
    program.stack.cloud.remember(bucket, { objects: [{ name: "entry-1", locked: true }] });
    const refused = await program.stack.destroy();
    expect(refused.output).toContain("AccessDenied");
    expect(types()).toEqual(["Bucket"]);
    program.stack.cloud.remember(bucket, { objects: [{ name: "scratch", locked: false }] });
    must(await program.stack.destroy(), "destroy");
  });

  it("refuses to delete a key that something is encrypted with", async () => {
    program.stack.cloud.setSettling(300);
    const instance = `new Instance("i", { ami: "ami-0000abcd", instanceType: "c7i.2xlarge", rootBlockDevice: { encrypted: true, kmsKeyId: key.arn } });`;
    must(await up(`const key = new Key("k");`, instance), "up");
    const urn = "urn:pulumi:engine-integrity::program::aws:ec2/instance:Instance::i";
    must(await program.stack.pulumi(["state", "delete", urn, "--yes", "--stack", program.stack.name]), "state delete");
    const refused = await program.stack.destroy();
    expect(refused.output).toContain("has a dependent object");
    expect(types().toSorted()).toEqual(["Instance", "Key"]);
    for (const standing of program.stack.cloud.all("aws:ec2/instance:Instance"))
      program.stack.cloud.remove(standing.key);
    must(await program.stack.destroy(), "destroy");
  });

  it("replaces what cannot change, and updates the rest in place", async () => {
    const bucket = (name: string, tag: string) => `new Bucket("b", { bucket: "${name}", tags: { tag: "${tag}" } });`;
    must(await up(bucket("first", "1")), "up");
    const updated = changes(must(await up(bucket("first", "2")), "up"));
    expect(updated).toMatchObject({ updated: 1, replaced: 0 });
    const replaced = changes(must(await up(bucket("second", "2")), "up"));
    expect(replaced).toMatchObject({ updated: 0, replaced: 1 });
    expect(program.stack.cloud.everything().map(({ id }) => id)).toEqual(["second"]);
    must(await program.stack.destroy(), "destroy");
  });

  it("does not know a new role for a moment: who tries again succeeds, who does not fails", async () => {
    const role = `const role = new Role("r", { assumeRolePolicy: "{}" });
      const profile = new InstanceProfile("p", { role: role.name });`;
    const template = `new LaunchTemplate("t", { iamInstanceProfile: { arn: profile.arn } });`;
    // Long enough that a busy machine comes before it is over, too.
    program.stack.cloud.setSettling(5000);
    const early = await up(role, template);
    expect(early.code).not.toBe(0);
    expect(early.output).toContain("is not known yet");
    const instance = `new Instance("i", { ami: "ami-0000abcd", instanceType: "c7i.2xlarge", iamInstanceProfile: profile.name });`;
    must(await up(role.replaceAll('"r"', '"r2"').replaceAll('"p"', '"p2"'), instance), "up of a type that tries again");
    must(await program.stack.destroy(), "destroy");
  });

  it("runs out of quota and is throttled on demand", async () => {
    const fault = { type: "aws:ec2/vpc:Vpc", operation: "create" } as const;
    program.stack.cloud.addFault({ ...fault, kind: "quota", times: 1 });
    expect((await up(vpc)).output).toContain("VpcLimitExceeded");
    program.stack.cloud.addFault({ ...fault, kind: "throttled", times: 2 });
    must(await up(vpc), "up through a little throttling");
    must(await program.stack.destroy(), "destroy");
    program.stack.cloud.addFault({ ...fault, kind: "throttled", times: 100 });
    expect((await up(vpc)).output).toContain("RequestLimitExceeded");
    program.stack.cloud.clearFaults();
    must(await program.stack.destroy(), "destroy");
  });

  it("shows in a refresh what was changed behind the engine's back", async () => {
    must(await up(vpc.replace("})", ", tags: { a: '1' } })")), "up");
    const [standing] = program.stack.cloud.all("aws:ec2/vpc:Vpc");
    if (standing === undefined) throw new Error("There is no VPC");
    program.stack.cloud.change(
      standing.key,
      { ...standing.inputs, tags: { a: "2" } },
      { ...standing.outputs, tags: { a: "2" } },
    );
    expect(changes(must(await program.stack.refresh(), "refresh")).updated).toBe(1);
    program.stack.cloud.remove(standing.key);
    expect(changes(must(await program.stack.refresh(), "refresh")).deleted).toBe(1);
    must(await program.stack.destroy(), "destroy");
  });

  it("keeps secrets secret in the state", async () => {
    const canary = "canary-2f9c1e";
    must(await up(`new Vpc("vpc", { cidrBlock: "10.0.0.0/16", tags: { secret: pulumi.secret("${canary}") } });`), "up");
    must(await program.stack.refresh(), "refresh");
    const state = must(await program.stack.on(["stack", "export"]).done, "stack export").output;
    expect(state).toContain("aws:ec2/vpc:Vpc");
    expect(state).not.toContain(canary);
    must(await program.stack.destroy(), "destroy");
  });
});

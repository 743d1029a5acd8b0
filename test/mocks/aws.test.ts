import { beforeAll, describe, expect, it } from "vitest";
import { flowRules, portRanges } from "../../core/flow.ts";
import { roles } from "../../core/roles.ts";
import { awsConfig } from "./aws.ts";
import type { Declared, MockedEngine } from "./engine.ts";
import { declareSubstrate, digest } from "./substrate.ts";

let engine: MockedEngine;
beforeAll(async () => {
  engine = (await declareSubstrate(awsConfig)).engine;
});

const rulesOf = (kind: "Ingress" | "Egress") =>
  engine.ofType(`aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`);
const group = (role: string) => `network-firewall-${role}-id`;

describe("the network on AWS", () => {
  it("has one private subnet a zone for nodes, and none that gives out public addresses", () => {
    const subnets = engine.ofType("aws:ec2/subnet:Subnet");
    expect(
      subnets
        .filter(({ name }) => name.startsWith("network-nodes-"))
        .map(({ inputs }) => [inputs.cidrBlock, inputs.availabilityZone]),
    ).toEqual([
      ["10.83.0.128/27", "eu-central-1a"],
      ["10.83.0.160/27", "eu-central-1b"],
      ["10.83.0.192/27", "eu-central-1c"],
    ]);
    for (const { inputs } of subnets) expect(inputs.mapPublicIpOnLaunch).toBe(false);
  });

  it("has no default route: out go packages, back to operators goes the bastion, and nodes nowhere", () => {
    const routes = engine.ofType("aws:ec2/route:Route");
    expect(
      routes
        .map(({ inputs }) => [
          inputs.routeTableId,
          inputs.destinationCidrBlock,
          inputs.natGatewayId ?? inputs.gatewayId,
        ])
        .toSorted(),
    ).toEqual([
      ["network-edge-id", "203.0.113.0/29", "network-gateway-id"],
      ["network-edge-id", "91.189.88.0/21", "network-gateway-id"],
      ["network-outlet-id", "91.189.88.0/21", "network-gateway-id"],
      ["network-setup-id", "91.189.88.0/21", "network-outlet-id"],
    ]);
    const inner = engine
      .ofType("aws:ec2/routeTableAssociation:RouteTableAssociation")
      .filter(({ inputs }) => inputs.routeTableId === "network-inner-id");
    expect(inner.map(({ inputs }) => inputs.subnetId)).toEqual([
      "network-endpoints-id",
      "network-nodes-0-id",
      "network-nodes-1-id",
      "network-nodes-2-id",
    ]);
  });

  it("records every flow", () => {
    expect(engine.get("aws:ec2/flowLog:FlowLog", "network-flows").inputs).toMatchObject({
      trafficType: "ALL",
      vpcId: "network-id",
    });
  });

  it("reaches S3 from every subnet without leaving, and only buckets of its own account", () => {
    const store = engine.get("aws:ec2/vpcEndpoint:VpcEndpoint", "network-store");
    expect(store.inputs.routeTableIds).toHaveLength(4);
    expect(statements(store)[0]?.Condition).toEqual({ StringEquals: { "aws:ResourceAccount": "123456789012" } });
  });
});

describe("the firewall on AWS", () => {
  it("lets in exactly the flows of the substrate, and private ends of AWS's services", () => {
    const expected = flowRules.flatMap(({ from, to, ports }) =>
      portRanges(ports).map((range) => [
        group(to),
        from === "operator" ? "203.0.113.0/29" : group(from),
        range.from,
        range.to,
      ]),
    );
    const given = rulesOf("Ingress").map(({ inputs }) => [
      inputs.securityGroupId,
      inputs.referencedSecurityGroupId ?? inputs.cidrIpv4,
      inputs.fromPort,
      inputs.toPort,
    ]);
    expect(given.toSorted()).toEqual(
      [...expected, ...roles.map((role) => [group("endpoints"), group(role), 443, 443])].toSorted(),
    );
  });

  it("lets nodes out to the control plane, AWS's services and the stores, and nowhere else", () => {
    const out = rulesOf("Egress").filter(({ inputs }) => inputs.securityGroupId === group("node"));
    const peers = out.map(({ inputs }) => inputs.referencedSecurityGroupId ?? inputs.cidrIpv4 ?? inputs.prefixListId);
    expect(new Set(peers)).toEqual(new Set([group("control"), group("endpoints"), "pl-6ea54007"]));
  });

  it("names a protocol and ports in every rule, and all addresses in none", () => {
    for (const { name, inputs } of [...rulesOf("Ingress"), ...rulesOf("Egress")]) {
      expect(inputs.ipProtocol, name).toBe("tcp");
      expect(inputs.fromPort, name).toEqual(expect.any(Number));
      expect(inputs.cidrIpv4, name).not.toBe("0.0.0.0/0");
      expect(inputs.cidrIpv6, name).toBeUndefined();
    }
  });

  it("writes no rule into a security group itself, where the two ways would undo each other", () => {
    for (const { inputs } of engine.ofType("aws:ec2/securityGroup:SecurityGroup")) {
      expect(inputs.ingress).toBeUndefined();
      expect(inputs.egress).toBeUndefined();
    }
  });
});

describe("a tunnel on AWS", () => {
  it("takes the bastion's public address away, and lets in the tunnel alone", async () => {
    const { engine: tunnel } = await declareSubstrate({
      ...awsConfig,
      access: { by: "tunnel", ranges: [], localPort: 2222 },
    });
    expect(tunnel.ofType("aws:ec2/eip:Eip").map(({ name }) => name)).toEqual(["network-outlet"]);
    expect(tunnel.ofType("aws:ec2/eipAssociation:EipAssociation")).toEqual([]);
    const ssh = tunnel
      .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ inputs }) => inputs.securityGroupId === group("bastion"));
    expect(ssh.map(({ inputs }) => [inputs.referencedSecurityGroupId, inputs.fromPort])).toEqual([
      [group("tunnel"), 22],
    ]);
    const first = tunnel.get("command:remote:Command", "bastion-ready");
    expect(first.inputs.connection).toMatchObject({ host: "127.0.0.1", port: 2222 });
    const second = tunnel.get("command:remote:Command", "control-ready");
    expect(second.inputs.connection).toMatchObject({
      host: "10.83.0.20",
      port: 22,
      proxy: { host: "127.0.0.1", port: 2222 },
    });
  });
});

describe("machines on AWS", () => {
  it("are of the pinned image, encrypted with the stack's key, and speak IMDSv2 alone", () => {
    const machines = engine.ofType("aws:ec2/instance:Instance");
    expect(machines.map(({ name }) => name).toSorted()).toEqual(["bastion", "control", "image-builder"]);
    for (const { name, inputs } of machines) {
      expect(inputs, name).toMatchObject({
        ami: "ami-0123456789abcdef0",
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: { encrypted: true, kmsKeyId: "arn:aws:kms:::key/data" },
        userDataReplaceOnChange: true,
      });
      expect(inputs.associatePublicIpAddress, name).toBeUndefined();
      expect(inputs.keyName, name).toBeUndefined();
    }
  });

  it("fetch their credentials only when rights, secrets and ways stand", () => {
    const control = engine.get("aws:ec2/instance:Instance", "control");
    expect(control.dependsOn).toEqual(
      expect.arrayContaining([
        "control-credentials",
        "network-secretsmanager",
        "network-store",
        "network-setup-91.189.88.0/21",
      ]),
    );
  });

  it("carry no secret in their user data", () => {
    for (const { inputs } of engine.ofType("aws:ec2/instance:Instance")) {
      expect(String(inputs.userData)).toContain("logos-credentials.service");
      expect(String(inputs.userData)).not.toContain("canary");
    }
    const node = Buffer.from(String(template().inputs.userData), "base64").toString();
    expect(node).toContain(`LOGOS_IMAGE=${digest}`);
    expect(node).not.toContain("canary");
  });

  it("keep the scheduler's state on a disk of its own, encrypted and protected", () => {
    const disk = engine.get("aws:ebs/volume:Volume", "data-state");
    expect(disk.inputs).toMatchObject({
      encrypted: true,
      kmsKeyId: "arn:aws:kms:::key/data",
      availabilityZone: "eu-central-1a",
    });
    expect(disk.protect).toBe(true);
    expect(
      engine.get("aws:ec2/volumeAttachment:VolumeAttachment", "control-state").inputs.stopInstanceBeforeDetaching,
    ).toBe(true);
    expect(engine.get("command:remote:Command", "control-ready").dependsOn).toContain("control-state");
  });
});

describe("rights on AWS", () => {
  const policy = (name: string) => statements(engine.get("aws:iam/rolePolicy:RolePolicy", name));

  it.each(roles)("let %s read its own secret and no other", (role) => {
    const read = policy(`${role}-credentials`).filter(({ Action }) =>
      [Action].flat().some((one) => String(one).startsWith("secretsmanager:")),
    );
    expect(read).toEqual([
      expect.objectContaining({
        Action: "secretsmanager:GetSecretValue",
        Resource: `arn:aws:mock:::secret/${role}-credentials`,
      }),
    ]);
  });

  it("let a node read the cache, put audit entries, and nothing more of the stores", () => {
    const stores = policy("node-credentials").filter(({ Action }) =>
      [Action].flat().some((one) => String(one).startsWith("s3:")),
    );
    expect(stores.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        ["s3:GetObject", "s3:GetObjectVersion"],
        expect.stringMatching(/^arn:aws:s3:::logos-dev-cache-[0-9a-z]{8}\/\*$/),
      ],
      ["s3:ListBucket", expect.stringMatching(/^arn:aws:s3:::logos-dev-cache-[0-9a-z]{8}$/)],
      ["s3:PutObject", expect.stringMatching(/^arn:aws:s3:::logos-dev-audit-[0-9a-z]{8}\/\*$/)],
    ]);
  });

  it("give nobody everything", () => {
    for (const one of engine.ofType("aws:iam/rolePolicy:RolePolicy"))
      for (const { Action, Resource, Sid } of statements(one)) {
        expect([Action].flat(), Sid).not.toContain("*");
        for (const action of [Action].flat()) expect(String(action), Sid).not.toMatch(/:\*$/);
        if (Resource === "*") expect(Sid).toBe("SayMetrics");
      }
  });
});

describe("stores on AWS", () => {
  it.each(["cache", "audit", "archive"])(
    "keep %s versioned, encrypted, closed and for TLS alone, under protection",
    (store) => {
      const of = (type: string) => engine.get(`aws:s3/${type}`, `data-${store}`);
      expect(of("bucketVersioning:BucketVersioning").inputs.versioningConfiguration).toEqual({ status: "Enabled" });
      expect(of("bucketPublicAccessBlock:BucketPublicAccessBlock").inputs).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(
        of("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs.rules,
      ).toEqual([
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:::key/data" },
          bucketKeyEnabled: true,
        },
      ]);
      expect(statements(of("bucketPolicy:BucketPolicy"))[0]).toMatchObject({
        Effect: "Deny",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
      for (const one of engine.declared.filter(
        ({ type, name }) => type.startsWith("aws:s3/") && name === `data-${store}`,
      ))
        expect(one.protect, one.type).toBe(true);
    },
  );

  it("lock the audit log from birth for as long as the settings say, and let nobody delete from it", () => {
    expect(engine.get("aws:s3/bucket:Bucket", "data-audit").inputs).toMatchObject({
      objectLockEnabled: true,
      forceDestroy: false,
    });
    expect(
      engine.get("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "data-audit").inputs.rule,
    ).toEqual({
      defaultRetention: { mode: "GOVERNANCE", days: 365 },
    });
    const [entries, rules] = statements(engine.get("aws:s3/bucketPolicy:BucketPolicy", "data-audit")).slice(-2);
    expect(entries).toMatchObject({ Effect: "Deny", Principal: "*" });
    expect(entries?.Condition).toBeUndefined();
    expect(entries?.Action).toEqual(
      expect.arrayContaining([
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:BypassGovernanceRetention",
        "s3:PutObjectRetention",
      ]),
    );
    expect(rules).toMatchObject({ Effect: "Deny", Principal: "*" });
    expect(rules?.Action).toEqual(expect.arrayContaining(["s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"]));
    expect(JSON.stringify(rules?.Condition)).toContain("role/logos-dev-node");
  });

  it("move the archive to the cold class, and expire nothing but what replaced cache entries left", () => {
    const rules = (store: string): readonly Record<string, unknown>[] =>
      Object(engine.get("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", `data-${store}`).inputs)
        .rules;
    expect(rules("archive").at(-1)).toMatchObject({ transitions: [{ days: 90, storageClass: "DEEP_ARCHIVE" }] });
    for (const store of ["cache", "audit", "archive"])
      for (const rule of rules(store)) expect(rule.expiration).toBeUndefined();
    expect(rules("audit").some((rule) => rule.noncurrentVersionExpiration !== undefined)).toBe(false);
  });
});

describe("everything on AWS", () => {
  it("that takes tags carries that it is proof-gated", () => {
    const untaggable = [
      "aws:autoscaling/notification:Notification",
      "aws:autoscaling/policy:Policy",
      "aws:ec2/eipAssociation:EipAssociation",
      "aws:ec2/route:Route",
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "aws:ec2/volumeAttachment:VolumeAttachment",
      "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive",
      "aws:ec2transitgateway/instanceState:InstanceState",
      "aws:iam/rolePolicy:RolePolicy",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:kms/alias:Alias",
      "aws:secretsmanager/secretVersion:SecretVersion",
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:sns/topicSubscription:TopicSubscription",
    ];
    const ours = engine.declared.filter(
      ({ type }) => type.startsWith("aws:") && !untaggable.includes(type) && !/^aws:s3\/bucket[A-Z]/.test(type),
    );
    expect(ours.length).toBeGreaterThan(60);
    for (const { type, name, inputs } of ours) {
      if (type === "aws:autoscaling/group:Group")
        expect(inputs.tags).toContainEqual({ key: "logos-proof-gated", value: "true", propagateAtLaunch: true });
      else expect(inputs.tags, `${type} ${name}`).toMatchObject({ "logos-proof-gated": "true", "logos-stack": "dev" });
    }
    expect(template().inputs.tagSpecifications).toEqual(
      ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags: expect.objectContaining({ "logos-proof-gated": "true" }),
      })),
    );
  });

  it("is made in the region and the account of the settings, and no other", () => {
    const provider = engine.get("pulumi:providers:aws", "aws");
    expect(provider.inputs).toMatchObject({ region: "eu-central-1", allowedAccountIds: '["123456789012"]' });
  });

  it("asks nothing of AWS in a preview", () => {
    expect(engine.invoked).toEqual([]);
  });

  it("leaves stores and key unprotected where the settings say so", async () => {
    const { engine: loose } = await declareSubstrate({ ...awsConfig, data: { ...awsConfig.data, keep: false } });
    expect(loose.declared.filter(({ protect }) => protect)).toEqual([]);
    expect(engine.get("aws:kms/key:Key", "data").protect).toBe(true);
  });
});

function template(): Declared {
  return engine.get("aws:ec2/launchTemplate:LaunchTemplate", "pool");
}

interface StatementText {
  readonly Sid: string;
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function statements({ inputs }: Declared): readonly StatementText[] {
  return JSON.parse(String(inputs.policy)).Statement;
}

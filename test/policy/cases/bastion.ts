import type { GivenInStack } from "../harness.ts";
import { allow, firewall, inline, nsg, sg, sgIn, sgRule } from "./ingress/scenes.ts";
import { at, of, type Scene, U } from "./kit.ts";

/** Cases of the bastion's rule that are about firewalls and about what a cloud offers beside SSH. */

const bastion = ["logos:substrate:Substrate", "logos:substrate:Bastion"];
const nodes = ["logos:substrate:Substrate", "logos:substrate:NodePool"];
const config = {
  profile: "standard",
  operatorRanges: ["203.0.113.0/28"],
  vpnRanges: ["100.64.0.0/10"],
  tunnel: ["10.0.0.64/26"],
  bastion: {
    securityGroups: ["declared", "endpoint"],
    addresses: ["10.0.0.2"],
    subnets: [],
    serviceAccounts: ["declared@p.iam.gserviceaccount.com"],
  },
};
const named = (name: string): Partial<GivenInStack> => ({ name });

/** The groups of AWS, and who is in them. */
const groups = (...more: readonly GivenInStack[]): Scene => [
  ...more,
  ...(more.some(({ name }) => name === "entry") ? [] : [of(sg, {}, named("entry"))]),
  of(sg, {}, named("node")),
  of(sg, {}, named("tunnel")),
  of(sg, {}, named("declared")),
  of(
    "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint",
    {},
    { name: "endpoint", madeFrom: { securityGroupIds: ["tunnel"] } },
  ),
  of(sg, {}, named("empty")),
  of(
    "aws:ec2/instance:Instance",
    { vpcSecurityGroupIds: U },
    {
      name: "jump",
      within: bastion,
      madeFrom: { vpcSecurityGroupIds: ["entry"] },
    },
  ),
  of(
    "aws:ec2/launchTemplate:LaunchTemplate",
    {},
    { name: "lt", within: nodes, madeFrom: { networkInterfaces: ["node"] } },
  ),
];
const ssh = { ipProtocol: "tcp", fromPort: 22, toPort: 22 };
/** A rule of one group that lets in another one. */
const from = (source: string, to = "node", more: object = {}): GivenInStack =>
  of(
    sgIn,
    { ...ssh, referencedSecurityGroupId: U, securityGroupId: U, ...more },
    {
      name: "rule",
      madeFrom: { referencedSecurityGroupId: [source], securityGroupId: [to] },
    },
  );
const range = (cidrIpv4: string, to: string, more: object = {}): GivenInStack =>
  of(sgIn, { ...ssh, cidrIpv4, ...more }, { name: "rule", madeFrom: { securityGroupId: [to] } });
const source = "rule: referencedSecurityGroupId";
const written = (...sources: readonly string[]): GivenInStack => ({
  ...inline({ securityGroups: sources.map(() => U) }),
  name: "group",
  madeFrom: { ingress: [...sources] },
});

/** Google's machines and their service accounts. */
const [jump, node] = ["jump@p.iam.gserviceaccount.com", "node@p.iam.gserviceaccount.com"];
const accounts = (rule: object): Scene => [
  of(firewall, { network: "net", allows: [{ protocol: "tcp", ports: ["22"] }], ...rule }, named("rule")),
  of(
    "gcp:compute/instance:Instance",
    { serviceAccount: { email: jump, scopes: [U] }, tags: ["jump", "out"] },
    {
      name: "jump",
      within: bastion,
    },
  ),
  of("gcp:compute/instanceTemplate:InstanceTemplate", { serviceAccount: { email: node }, tags: ["out"] }, named("t")),
];
const toJump = (rule: object): Scene => accounts({ targetServiceAccounts: [jump], ...rule });

/** Azure's interfaces and their application security groups. */
const asg = "azure-native:network:ApplicationSecurityGroup";
const nic = "azure-native:network:NetworkInterface";
const interfaces = (securityRules: object, ...madeFrom: readonly string[]): Scene => [
  of(nsg, { securityRules: [{ ...allow, ...securityRules }] }, { name: "nsg", madeFrom: { securityRules: madeFrom } }),
  of(asg, {}, named("entry")),
  of(asg, {}, named("node")),
  of(
    nic,
    { ipConfigurations: [{ applicationSecurityGroups: [{ id: "/asg/entry" }] }] },
    {
      name: "jump",
      within: bastion,
      madeFrom: { ipConfigurations: ["entry"] },
    },
  ),
  of(nic, { ipConfigurations: U }, { name: "nic", madeFrom: { ipConfigurations: ["node"] } }),
];
const asgs = (...ids: readonly unknown[]) => ({ sourceApplicationSecurityGroups: ids.map((id) => ({ id })) });

const managed = "arn:aws:iam::aws:policy";
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const allowing = (...Action: readonly string[]) => ({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
const assignment = (id: string, more: Partial<GivenInStack> = {}) =>
  of("azure-native:authorization:RoleAssignment", { roleDefinitionId: `/providers/x/roleDefinitions/${id}` }, more);
const roleOf = (permission: object) => of("azure-native:authorization:RoleDefinition", { permissions: [permission] });
const iam = (level: string, role: string, more: Partial<GivenInStack> = {}) =>
  of(`gcp:${level}/iAMMember:IAMMember`, { role, member: "user:a" }, more);
const endpoint = (service: string) =>
  of("aws:ec2/vpcEndpoint:VpcEndpoint", { serviceName: `com.amazonaws.eu-central-1.${service}` });
const adminLogin = "1c0163c0-47e6-4577-8991-ea5c82e286e4";

export const bastionCases = {
  config,
  passes: [
    groups(from("entry")),
    groups(from("tunnel", "entry")),
    groups(from("declared")),
    groups(from("entry", "entry")),
    groups(from("node", "node", { fromPort: 6818, toPort: 6818 })),
    groups(from("node", "node", { ipProtocol: "udp" })),
    groups(
      of(
        sgRule,
        { type: "egress", protocol: "tcp", fromPort: 22, toPort: 22, sourceSecurityGroupId: U },
        named("rule"),
      ),
    ),
    groups(written("entry")),
    // A rule made from an address too, ids that are known beside what they were made from, and ids as a state has them.
    groups({ ...written("entry"), madeFrom: { ingress: ["entry", "ip"] } }, of("aws:ec2/eip:Eip", {}, named("ip"))),
    groups(from("entry", "node", { referencedSecurityGroupId: "sg-1" })),
    [
      of(sgIn, { ...ssh, referencedSecurityGroupId: "sg-1" }),
      of("aws:ec2/instance:Instance", { vpcSecurityGroupIds: ["sg-1"] }, { within: bastion }),
    ],
    groups(written("entry"), { ...inline({ cidrBlocks: ["203.0.113.0/28"] }), name: "entry" }),
    groups({ ...inline({ self: true }), name: "entry" }),
    // Rules that are resources of their own: what the cloud answers for the property is nobody's wish.
    groups(of(sg, { ingress: U }, named("answered"))),
    groups(range("203.0.113.1/32", "entry"), of(sgIn, { ...ssh, cidrIpv4: "100.64.0.9/32" }, { within: bastion })),
    accounts({ sourceServiceAccounts: [jump] }),
    accounts({ sourceServiceAccounts: ["declared@p.iam.gserviceaccount.com"] }),
    accounts({ sourceTags: ["jump"] }),
    accounts({ direction: "EGRESS", destinationRanges: ["10.0.0.64/26"] }),
    accounts({ allows: undefined, denies: [{ protocol: "all" }], sourceRanges: ["0.0.0.0/0"] }),
    accounts({ sourceServiceAccounts: [node], allows: [{ protocol: "tcp", ports: ["6818"] }] }),
    toJump({ sourceRanges: ["203.0.113.0/29"] }),
    accounts({ targetServiceAccounts: [U], sourceServiceAccounts: [jump] }),
    // To others too: that is N19's to judge.
    accounts({ targetServiceAccounts: [jump, node], sourceRanges: ["10.0.0.0/24"] }),
    interfaces({ ...asgs(U), destinationPortRange: "22" }, "entry"),
    interfaces(asgs("/asg/entry")),
    interfaces({ sourceAddressPrefix: "10.0.0.2/32" }),
    interfaces({ sourceAddressPrefix: "10.0.0.70", destinationAddressPrefix: "10.0.0.2" }),
    interfaces({ access: "Deny", sourceAddressPrefix: "VirtualNetwork" }),
    interfaces({ sourceAddressPrefix: "VirtualNetwork", destinationPortRange: "6818" }),
    of(attachment, { policyArn: `${managed}/AmazonSSMReadOnlyAccess` }),
    of("aws:iam/policy:Policy", { policy: allowing("ssm:GetParameter", "s3:*") }),
    of("aws:iam/policy:Policy", { policy: { Statement: [{ Effect: "Deny", Action: "ssm:*", Resource: "*" }] } }),
    endpoint("secretsmanager"),
    iam("projects", "roles/compute.viewer"),
    iam("projects", "roles/iap.tunnelResourceAccessor", { within: bastion }),
    assignment("9980e02c-c2be-4d73-94e8-173b1dc7cf3c"),
    roleOf({ actions: ["Microsoft.Compute/virtualMachines/read"], dataActions: ["Microsoft.Storage/x/login/action"] }),
    assignment(adminLogin, { within: bastion }),
  ],
  fails: [
    at(groups(from("node")), source),
    at(groups(from("empty")), source),
    at(groups(from("node", "entry")), source),
    // A group that another machine is in too.
    at(
      groups(
        from("entry"),
        of(
          "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
          {},
          {
            name: "too",
            madeFrom: { securityGroupId: ["entry"] },
          },
        ),
      ),
      source,
    ),
    at(groups(from("vpc-of-another"), of("aws:ec2/vpc:Vpc", {}, named("vpc-of-another"))), source),
    at(groups(of(sgIn, { ...ssh, referencedSecurityGroupId: "sg-elsewhere" }, named("rule"))), source),
    at(groups(written("entry", "node")), "group: ingress[0].securityGroups[0]", "group: ingress[0].securityGroups[1]"),
    at(groups({ ...inline({ self: true }), name: "group" }), "group: ingress[0].self"),
    at(groups({ ...inline({ cidrBlocks: ["10.0.0.0/8"] }), name: "entry" }), "entry: ingress[0]"),
    // What is known to be wrong wins over what is not known before it.
    at(
      groups(
        of(
          sg,
          {
            ingress: [
              { protocol: "tcp", fromPort: U, toPort: U },
              { protocol: "tcp", fromPort: 22, toPort: 22, self: true },
            ],
          },
          named("group"),
        ),
      ),
      "group: ingress[1].self",
    ),
    at(groups({ ...inline({ self: U }), name: "group" }), "group: ingress[0].self"),
    // Into the bastion: from a private range, to another port, from everywhere.
    at(groups(range("10.0.0.0/8", "entry")), "rule"),
    at(groups(range("203.0.113.1/32", "entry", { fromPort: 9100, toPort: 9100 })), "rule"),
    at(groups(of(sgIn, { ...ssh, cidrIpv4: "192.168.0.0/16" }, { name: "rule", within: bastion })), "rule"),
    at(accounts({ sourceServiceAccounts: [node] }), "rule: sourceServiceAccounts[0]"),
    at(accounts({ sourceServiceAccounts: [jump, "x@p"] }), "rule: sourceServiceAccounts[1]"),
    at(accounts({ sourceTags: ["out"] }), "rule: sourceTags[0]"),
    at(
      [
        of(
          firewall,
          { allows: [{ protocol: "tcp" }], sourceServiceAccounts: [jump, node] },
          {
            name: "rule",
            madeFrom: { sourceServiceAccounts: ["account"] },
          },
        ),
        of("gcp:serviceaccount/account:Account", {}, named("account")),
        of(
          "gcp:compute/instance:Instance",
          { serviceAccount: { email: jump } },
          {
            within: bastion,
            madeFrom: { serviceAccount: ["account"] },
          },
        ),
      ],
      "rule: sourceServiceAccounts[1]",
    ),
    at(toJump({ sourceRanges: ["10.0.0.0/24"] }), "rule: allows[0]"),
    at(
      toJump({ sourceServiceAccounts: [node], allows: [{ protocol: "tcp", ports: ["9100"] }] }),
      "rule: allows[0]",
      "rule: sourceServiceAccounts[0]",
    ),
    at(interfaces(asgs(U), "node"), "nsg: securityRules[0].sourceApplicationSecurityGroups[0]"),
    at(interfaces(asgs("/asg/node")), "nsg: securityRules[0].sourceApplicationSecurityGroups[0]"),
    at(interfaces({ sourceAddressPrefix: "VirtualNetwork" }), "nsg: securityRules[0].sourceAddressPrefix"),
    at(
      interfaces({ sourceAddressPrefixes: ["10.0.0.2", "virtualnetwork"] }),
      "nsg: securityRules[0].sourceAddressPrefixes[1]",
    ),
    at(of(attachment, { policyArn: `${managed}/AmazonSSMManagedInstanceCore` }), "policyArn"),
    at(of("aws:iam/policy:Policy", { policy: allowing("s3:GetObject", "ssm:Start*") }), "policy.Statement[0]"),
    at(endpoint("ssmmessages"), "serviceName"),
    at(iam("projects", "roles/compute.osAdminLogin"), "role"),
    at(assignment(adminLogin), "roleDefinitionId"),
    at(
      roleOf({ dataActions: ["Microsoft.Compute/virtualMachines/loginAsAdmin/action"] }),
      "permissions[0].dataActions[0]",
    ),
    at(
      roleOf({ actions: ["a/read", "Microsoft.SerialConsole/serialPorts/connect/action"] }),
      "permissions[0].actions[1]",
    ),
  ],
  unknown: [
    at(groups(from("node", "node", { fromPort: U, toPort: U })), "rule: fromPort"),
    at(groups(of(sg, { ingress: U }, { name: "group", madeFrom: { ingress: ["node"] } })), "group: ingress"),
    at(of("aws:ec2/vpcEndpoint:VpcEndpoint", { serviceName: U }), "serviceName"),
  ],
  later: [
    of(attachment, { policyArn: U }),
    of("aws:iam/policy:Policy", { policy: U }),
    of("azure-native:authorization:RoleAssignment", { roleDefinitionId: U }),
  ],
  omitted: [
    // All ports, and all machines.
    [at(groups(from("node", "node", { ipProtocol: "-1", fromPort: undefined, toPort: undefined })), source), "fails"],
    [at(accounts({ sourceTags: ["out"], allows: [{ protocol: "all" }] }), "rule: sourceTags[0]"), "fails"],
    [of("aws:iam/role:Role", {}), "passes"],
    [of("aws:iam/policy:Policy", {}), "passes"],
  ],
  twins: [
    at(
      groups(
        of(
          sgRule,
          { type: "ingress", protocol: "tcp", fromPort: 22, toPort: 22, sourceSecurityGroupId: U },
          {
            name: "rule",
            madeFrom: { sourceSecurityGroupId: ["node"] },
          },
        ),
      ),
      "rule: sourceSecurityGroupId",
    ),
    at(
      groups(of(sgRule, { type: "ingress", protocol: "tcp", fromPort: 22, toPort: 22, self: true }, named("rule"))),
      "rule: self",
    ),
    at(
      [
        of("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", {
          action: "allow",
          direction: "INGRESS",
          match: { srcSecureTags: [{ name: "tagValues/1" }], layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] },
        }),
      ],
      "it: match.srcSecureTags[0]",
    ),
    at(
      [of("azure-native:network:SecurityRule", { ...allow, ...asgs("/asg/other") })],
      "it: sourceApplicationSecurityGroups[0]",
    ),
    at(of("aws:iam/role:Role", { managedPolicyArns: [U, `${managed}/AmazonSSMFullAccess`] }), "managedPolicyArns[1]"),
    at(
      of("aws:iam/role:Role", { inlinePolicies: [{ policy: allowing("*") }] }),
      "inlinePolicies[0].policy.Statement[0]",
    ),
    at(
      of("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {
        policyArns: [`${managed}/service-role/AmazonEC2RoleforSSM`],
      }),
      "policyArns[0]",
    ),
    at(
      of("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", {
        inlinePolicy: JSON.stringify(allowing("ec2-instance-connect:*")),
      }),
      "inlinePolicy.Statement[0]",
    ),
    of("aws:iam/rolePolicy:RolePolicy", { policy: allowing("ssmmessages:*") }),
    ...[
      "ssm:ResumeSession",
      "ssm:SendCommand",
      "ec2-instance-connect:SendSSHPublicKey",
      "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
      "ec2-instance-connect:OpenTunnel",
    ].map((action) => of("aws:iam/policy:Policy", { policy: allowing(action) })),
    ...["ssm", "ec2messages", "ec2-instance-connect"].map(endpoint),
    of("gcp:projects/iAMBinding:IAMBinding", { role: "roles/compute.osLogin" }),
    iam("folder", "roles/compute.osLoginExternalUser"),
    iam("organizations", "roles/iap.tunnelResourceAccessor"),
    assignment("FB879DF8-F326-4884-B1CF-06F3AD86BE52"),
    roleOf({ dataActions: ["Microsoft.HybridCompute/machines/login/action"] }),
    roleOf({ actions: ["Microsoft.Compute/virtualMachines/runCommand/action"] }),
    roleOf({ actions: ["microsoft.compute/virtualMachineScaleSets/virtualMachines/runCommands/write"] }),
  ],
} as const;

import { of, U } from "../kit.ts";

/** Resources that the cases of ingress are made from. */

export const sg = "aws:ec2/securityGroup:SecurityGroup";
export const sgRule = "aws:ec2/securityGroupRule:SecurityGroupRule";
export const sgIn = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const sgOut = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
export const defaultSg = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
export const vpc = of("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }, { name: "vpc" });
export const firewall = "gcp:compute/firewall:Firewall";
export const policyRule = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule";
export const nsg = "azure-native:network:NetworkSecurityGroup";
export const nsgRule = "azure-native:network:SecurityRule";
export const bastion = ["logos:substrate:Substrate", "logos:substrate:Bastion"];
export const config = {
  profile: "standard",
  operatorRanges: ["203.0.113.0/28"],
  bastion: {
    securityGroups: ["bastion"],
    addresses: ["10.0.0.2"],
    subnets: ["edge"],
    serviceAccounts: ["bastion@p.iam.gserviceaccount.com", "second@p.iam.gserviceaccount.com"],
  },
  tunnel: ["10.0.0.64/26"],
};

export const inline = (rule: object) =>
  of(sg, {
    description: "nodes",
    ingress: [{ description: "x", protocol: "tcp", fromPort: 22, toPort: 22, ...rule }],
    egress: [],
  });
export const allow = {
  direction: "Inbound",
  access: "Allow",
  protocol: "Tcp",
  priority: 100,
  destinationPortRange: "22",
  destinationAddressPrefix: "*",
  sourcePortRange: "*",
};
export const halves = ["0.0.0.0/1", "128.0.0.0/1"];

export const open = { cidrBlocks: ["0.0.0.0/0"] };
export const awsOpen = [
  inline(open),
  inline({ cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }),
  inline({ cidrBlocks: halves }),
  inline({ cidrBlocks: ["0/0"] }),
  inline({ ipv6CidrBlocks: ["::/0"] }),
  inline({ ipv6CidrBlocks: ["::ffff:0.0.0.0/96"] }),
  inline({ cidrBlocks: ["198.51.100.7/32"] }),
  inline({ ...open, self: true }),
  inline({ ...open, protocol: "-1", fromPort: 0, toPort: 0 }),
  inline({ ...open, fromPort: 1, toPort: 65_535 }),
  inline({ ...open, fromPort: undefined, toPort: undefined }),
  // What is known to be wrong wins over what is not known beside it.
  inline({ cidrBlocks: [U, "0.0.0.0/0"] }),
  of(sg, {
    ingress: [
      { protocol: "tcp", fromPort: U, toPort: U, cidrBlocks: [U] },
      { protocol: "tcp", fromPort: 22, toPort: 22, ...open },
    ],
  }),
];
export const awsTwins = [
  of(sgRule, { type: "ingress", protocol: "tcp", fromPort: 22, toPort: 22, ...open }),
  of(sgIn, { ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0" }),
  of(sgIn, { ipProtocol: "-1", cidrIpv6: "::/0" }),
  of(defaultSg, { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, ...open }] }),
];

export const gcpIn = (rule: object) =>
  of(firewall, { network: "net", sourceRanges: ["10.0.0.0/8"], allows: [{ protocol: "tcp", ports: ["22"] }], ...rule });
export const gcpTwins = [
  of(policyRule, {
    action: "allow",
    direction: "INGRESS",
    priority: 1,
    match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] },
  }),
  of("gcp:compute/firewallPolicyRule:FirewallPolicyRule", {
    action: "allow",
    direction: "INGRESS",
    priority: 1,
    match: { srcIpRanges: halves, layer4Configs: [{ ipProtocol: "all" }] },
  }),
  of("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", {
    rules: [
      {
        action: "allow",
        direction: "INGRESS",
        priority: 1,
        match: { srcIpRanges: ["::/0"], layer4Configs: [{ ipProtocol: "tcp" }] },
      },
    ],
  }),
];

export const azureIn = (rule: object) =>
  of(nsg, { securityRules: [{ ...allow, sourceAddressPrefix: "VirtualNetwork", ...rule }] });
export const azureTwins = [
  of(nsgRule, { ...allow, sourceAddressPrefix: "*" }),
  of("azure-native:network/v20240101:SecurityRule", { ...allow, sourceAddressPrefix: "Internet" }),
  of("azure-native_network_v20240101:network:NetworkSecurityGroup", {
    securityRules: [{ ...allow, sourceAddressPrefix: "0.0.0.0/0" }],
  }),
  of("azure-native:network:AdminRule", {
    ...allow,
    sources: [{ addressPrefix: "0.0.0.0/0", addressPrefixType: "IPPrefix" }],
    destinationPortRanges: ["22"],
  }),
];

export const pab = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
export const s3 = of("aws:s3/bucket:Bucket", {}, { name: "cache" });
export const s3Pab = of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", pab, {
  name: "pab",
  madeFrom: { bucket: ["cache"] },
});
export const account = {
  allowBlobPublicAccess: false,
  publicNetworkAccess: "Disabled",
  networkRuleSet: { defaultAction: "Deny" },
};

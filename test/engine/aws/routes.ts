import type { Row } from "../cloud/table.ts";
import { arn } from "./arn.ts";

const vpc = { to: "aws:ec2/vpc:Vpc" };
const subnet = { to: "aws:ec2/subnet:Subnet" };
const gateway = { to: "aws:ec2/internetGateway:InternetGateway" };
const nat = { to: "aws:ec2/natGateway:NatGateway" };
const address = { to: "aws:ec2/eip:Eip" };
const table = { to: "aws:ec2/routeTable:RouteTable" };
const group = { to: "aws:ec2/securityGroup:SecurityGroup" };

const groupRule: Row = {
  required: ["fromPort", "toPort"],
  exactlyOne: [["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"]],
  id: (made) => made.fresh("sgr-"),
  outputs: { arn: ({ id }) => arn("ec2", `security-group-rule/${id}`), securityGroupRuleId: ({ id }) => id },
  references: {
    // A rule goes with its own group (revokeRulesOnDelete), but a group that another one's rule names stays.
    securityGroupId: group,
    referencedSecurityGroupId: group,
    prefixListId: { to: "aws:ec2/vpcEndpoint:VpcEndpoint" },
  },
  replaceOn: ["securityGroupId"],
};

/** What leads somewhere: gateways, routes, private ends, and the rules of security groups. */
export const routes: Readonly<Record<string, Row>> = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    id: ({ inputs, cloud }) => {
      const of = cloud.find("aws:ec2/vpc:Vpc", String(inputs.vpcId));
      return String(of?.outputs.defaultSecurityGroupId);
    },
    // It is the network's own and cannot be deleted: the provider only forgets it.
    references: { vpcId: { ...vpc, holds: false } },
    replaceOn: ["vpcId"],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    id: (made) => made.fresh("igw-"),
    outputs: { arn: ({ id }) => arn("ec2", `internet-gateway/${id}`) },
    references: { vpcId: vpc },
  },
  "aws:ec2/eip:Eip": {
    id: (made) => made.fresh("eipalloc-"),
    outputs: {
      allocationId: ({ id }) => id,
      arn: ({ id }) => arn("ec2", `elastic-ip/${id}`),
      publicIp: ({ id }) => `203.0.113.${10 + (Number.parseInt(id.slice(-4), 16) % 240)}`,
    },
    replaceOn: ["domain"],
  },
  "aws:ec2/eipAssociation:EipAssociation": {
    required: ["allocationId"],
    id: (made) => made.fresh("eipassoc-"),
    references: { allocationId: address, instanceId: { to: "aws:ec2/instance:Instance" } },
    replaceOn: ["allocationId", "instanceId"],
    retries: true,
  },
  "aws:ec2/natGateway:NatGateway": {
    required: ["subnetId"],
    id: (made) => made.fresh("nat-"),
    references: { subnetId: subnet, allocationId: address },
    replaceOn: ["subnetId", "allocationId", "connectivityType"],
  },
  "aws:ec2/routeTable:RouteTable": {
    id: (made) => made.fresh("rtb-"),
    outputs: { arn: ({ id }) => arn("ec2", `route-table/${id}`) },
    references: { vpcId: vpc },
    replaceOn: ["vpcId"],
  },
  "aws:ec2/route:Route": {
    required: ["destinationCidrBlock"],
    exactlyOne: [["gatewayId", "natGatewayId"]],
    id: ({ inputs }) => `r-${inputs.routeTableId}${inputs.destinationCidrBlock}`,
    references: { routeTableId: table, gatewayId: gateway, natGatewayId: nat },
    replaceOn: ["routeTableId", "destinationCidrBlock"],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    exactlyOne: [["subnetId", "gatewayId"]],
    id: (made) => made.fresh("rtbassoc-"),
    references: { routeTableId: table, subnetId: subnet },
    replaceOn: ["subnetId"],
  },
  "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive": {
    id: (made) => made.text("securityGroupId"),
    references: {
      securityGroupId: group,
      "ingressRuleIds[]": { to: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", holds: false },
      "egressRuleIds[]": { to: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", holds: false },
    },
    replaceOn: ["securityGroupId"],
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    required: ["serviceName"],
    id: (made) => made.fresh("vpce-"),
    outputs: {
      arn: ({ id }) => arn("ec2", `vpc-endpoint/${id}`),
      prefixListId: (made) => (made.inputs.vpcEndpointType === "Gateway" ? made.fresh("pl-", 8) : ""),
    },
    handles: ["prefixListId"],
    references: { vpcId: vpc, "subnetIds[]": subnet, "securityGroupIds[]": group, "routeTableIds[]": table },
    replaceOn: ["serviceName", "vpcId", "vpcEndpointType"],
    check: ({ vpcEndpointType, subnetIds, routeTableIds }) => {
      if (vpcEndpointType === "Gateway" && subnetIds !== undefined) return "a gateway endpoint takes no subnets";
      if (vpcEndpointType === "Interface" && routeTableIds !== undefined)
        return "an interface endpoint takes no route tables";
      return undefined;
    },
  },
  "aws:ec2/flowLog:FlowLog": {
    required: ["logDestination"],
    exactlyOne: [["vpcId", "subnetId", "eniId"]],
    id: (made) => made.fresh("fl-"),
    outputs: { arn: ({ id }) => arn("ec2", `vpc-flow-log/${id}`) },
    references: {
      vpcId: vpc,
      logDestination: { to: "aws:cloudwatch/logGroup:LogGroup" },
      iamRoleArn: { to: "aws:iam/role:Role" },
    },
    replaceOn: ["vpcId", "logDestination", "iamRoleArn", "trafficType", "maxAggregationInterval"],
    retries: true,
  },
  "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint": {
    id: (made) => made.fresh("eice-"),
    references: { subnetId: subnet, "securityGroupIds[]": group },
    replaceOn: ["subnetId", "securityGroupIds", "preserveClientIp"],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": groupRule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": groupRule,
};

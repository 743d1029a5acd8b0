import type { Row } from "../cloud/table.ts";
import { arn } from "./arn.ts";

export const network: Readonly<Record<string, Row>> = {
  "aws:ec2/vpc:Vpc": {
    required: ["cidrBlock"],
    id: (made) => made.fresh("vpc-"),
    outputs: {
      arn: ({ id }) => arn("ec2", `vpc/${id}`),
      defaultSecurityGroupId: (made) => made.fresh("sg-"),
      mainRouteTableId: (made) => made.fresh("rtb-"),
    },
    replaceOn: ["cidrBlock", "instanceTenancy"],
  },
  "aws:ec2/subnet:Subnet": {
    required: ["cidrBlock", "availabilityZone"],
    id: (made) => made.fresh("subnet-"),
    outputs: { arn: ({ id }) => arn("ec2", `subnet/${id}`) },
    references: { vpcId: { to: "aws:ec2/vpc:Vpc" } },
    replaceOn: ["vpcId", "cidrBlock", "availabilityZone"],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    name: {
      input: "name",
      pattern: /^(?!sg-)[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
      what: "letters, digits and ._-:/()#,@[]+=&;{}!$*, not beginning with sg-",
      max: 255,
      unique: { within: ["vpcId"] },
    },
    id: (made) => made.fresh("sg-"),
    outputs: { arn: ({ id }) => arn("ec2", `security-group/${id}`) },
    references: { vpcId: { to: "aws:ec2/vpc:Vpc" } },
    replaceOn: ["vpcId", "name", "description"],
  },
};

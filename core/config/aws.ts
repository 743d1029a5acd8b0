import { accept, type FieldTable, listOf, matching, type Reader, refuse, type ValuesOf } from "./fields.ts";
import { type MachineTypes, nodeType } from "./machine-types.ts";

/**
 * Types that a node may be, with what keeps others out: c7i.xlarge, which the expansion plan names, is half of what it
 * asks for. Source: DescribeInstanceTypes, August 2026. A .2xlarge has 8 vCPUs: 4 cores on Intel, 8 on AMD's 7a and 8a
 * and on Graviton.
 */
export const awsNodeTypes = {
  "c7i.2xlarge": { cpus: 8, memoryGib: 16 },
  "c7a.2xlarge": { cpus: 8, memoryGib: 16 },
  "c8i.2xlarge": { cpus: 8, memoryGib: 16 },
  "c8a.2xlarge": { cpus: 8, memoryGib: 16 },
  "m7i.2xlarge": { cpus: 8, memoryGib: 32 },
  "m7a.2xlarge": { cpus: 8, memoryGib: 32 },
  "c7g.2xlarge": { cpus: 8, memoryGib: 16 },
  "c8g.2xlarge": { cpus: 8, memoryGib: 16 },
  "m7g.2xlarge": { cpus: 8, memoryGib: 32 },
  "c7i.xlarge": { cpus: 4, memoryGib: 8 },
} as const satisfies MachineTypes;

/** Three different zones of a region, by their letters. */
const threeZones: Reader<string> = (given) =>
  typeof given === "string" && /^[a-f]{3}$/.test(given) && new Set(given).size === 3
    ? accept(given)
    : refuse('the letters of three zones, for example "abc"');

/** Settings of a stack on AWS. What the account alone could tell is asked for here, so that a preview needs no call. */
export const awsFields = {
  region: [matching(/^[a-z]{2}(-[a-z]+)+-[1-9]$/, 'a region, for example "eu-central-1"'), "", "needed"],
  account: [matching(/^\d{12}$/, "the 12 digits of the account that the stack is for, and no other"), "", "needed"],
  zones: [threeZones, "abc"],
  baseImage: [
    matching(
      /^ami-[0-9a-f]{8}([0-9a-f]{9})?$/,
      "the AMI of Ubuntu 24.04 in this region, for the node type's processor",
    ),
    "",
    "needed",
  ],
  /** Who may read the stores, move snapshots to the archive, and publish to the cache: by roles of their own. */
  operators: [
    listOf(
      matching(/^arn:aws:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/, "the ARN of a user or role"),
      'a list of users or roles, for example ["arn:aws:iam::123456789012:role/operators"]',
    ),
    [],
    "needed",
  ],
  nodeType: [nodeType(awsNodeTypes), "c7i.2xlarge"],
} as const satisfies FieldTable;

export type AwsSettings = ValuesOf<typeof awsFields>;

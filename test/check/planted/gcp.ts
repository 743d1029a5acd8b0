import type { Plant } from "./plant.ts";

const plant = (rule: string, what: string, type: string, ending: string, set: NonNullable<Plant["set"]>): Plant => ({
  stack: "gcp",
  rule,
  what,
  type: `gcp:${type}`,
  ending,
  set,
});

const firewall = "compute/firewall:Firewall";
const template = "compute/regionInstanceTemplate:RegionInstanceTemplate";
const bucket = "storage/bucket:Bucket";

export const gcp: readonly Plant[] = [
  plant("N13", "the scheduler's port to everywhere", firewall, "health-to-node", { sourceRanges: ["0.0.0.0/0"] }),
  plant("N12", "SSH to nodes from everywhere, by naming no source", firewall, "bastion-to-node", {
    sourceServiceAccounts: undefined,
    sourceTags: undefined,
    sourceRanges: undefined,
  }),
  plant("Q13", "SSH to nodes from nodes", firewall, "bastion-to-node", {
    sourceServiceAccounts: ["node@planted.iam.gserviceaccount.com"],
  }),
  plant("N15", "a way out to everywhere", firewall, "out-to-packages", {
    destinationRanges: ["0.0.0.0/1", "128.0.0.0/1"],
  }),
  plant("N16", "nodes with external addresses, by an empty entry", template, "pool-node", {
    "networkInterfaces.0.accessConfigs": [{}],
  }),
  plant("N17", "nodes that forward", template, "pool-node", { canIpForward: true }),
  plant("N18", "nodes that need the internet for Google", "compute/subnetwork:Subnetwork", "network-nodes", {
    privateIpGoogleAccess: false,
  }),
  plant("N25", "a bucket that may be opened", bucket, "data-audit", { publicAccessPrevention: "inherited" }),
  plant("Q08", "an audit bucket that can be emptied", bucket, "data-audit", { forceDestroy: true }),
  plant("W03", "an audit bucket whose lock is open", bucket, "data-audit", { "retentionPolicy.isLocked": false }),
  plant("E09", "a key that never changes", "kms/cryptoKey:CryptoKey", "keys-disks", { rotationPeriod: undefined }),
  plant("B01", "nodes that boot anything", template, "pool-node", { "shieldedInstanceConfig.enableSecureBoot": false }),
  plant("I07", "nodes that own the project", "projects/iAMMember:IAMMember", "node-credentials-log-writer", {
    role: "roles/owner",
  }),
  plant("Q01a", "an autoscaler of nine", "compute/regionAutoscaler:RegionAutoscaler", "pool-autoscaler", {
    "autoscalingPolicy.maxReplicas": 9,
  }),
  plant("Q02", "nodes of two CPUs", template, "pool-node", { machineType: "n2-standard-2" }),
];

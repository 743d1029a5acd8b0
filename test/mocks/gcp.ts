import { defaults, type SubstrateConfig } from "../../core/config/schema.ts";
import type { MockSettings } from "./engine.ts";
import { labOutputs } from "./lab.ts";

const project = "logos-proofs";

export const gcpConfig: SubstrateConfig = {
  ...defaults,
  place: {
    target: "gcp",
    gcp: {
      project,
      projectNumber: "123456789012",
      zones: ["us-central1-a", "us-central1-b", "us-central1-c"],
      nodeType: "c3-highcpu-8",
      baseImage: "projects/ubuntu-os-cloud/global/images/ubuntu-2404-noble-amd64-v20261101",
      operators: ["user:ada@example.org"],
      billingAccount: "01ABCD-23EF45-67890A",
    },
  },
  node: { cpus: 8, memoryMb: 15_360, diskGb: 50, cacheGb: 100 },
  network: { ...defaults.network, packageRanges: ["198.51.100.0/24"] },
  access: { ...defaults.access, ranges: ["203.0.113.7/32"] },
  alerts: { ...defaults.alerts, email: "proofs@example.org" },
};

/** The same, through a tunnel. */
export const gcpTunnelConfig: SubstrateConfig = {
  ...gcpConfig,
  access: { by: "tunnel", ranges: [], localPort: 2222 },
};

type Inputs = Readonly<Record<string, unknown>>;
const named = (kind: string) => (inputs: Inputs, name: string) => {
  const id = `projects/${project}/${kind}/${String(inputs.name ?? `${name}-1234567`)}`;
  return { name: inputs.name ?? `${name}-1234567`, selfLink: `https://www.googleapis.com/compute/v1/${id}`, project };
};
const nothing = () => ({});

/** What Google's provider answers, for every type that the program may declare. */
const outputs: MockSettings["outputs"] = {
  ...labOutputs,
  "pulumi:providers:gcp": nothing,
  "gcp:billing/budget:Budget": nothing,
  "gcp:compute/address:Address": () => ({ address: "192.0.2.10" }),
  "gcp:compute/disk:Disk": named("zones/us-central1-a/disks"),
  "gcp:compute/firewall:Firewall": nothing,
  "gcp:compute/healthCheck:HealthCheck": named("global/healthChecks"),
  "gcp:compute/image:Image": named("global/images"),
  // Where no address is asked for, the cloud chooses one.
  "gcp:compute/instance:Instance": ({ networkInterfaces }, name) => ({
    instanceId: `instance of ${name}`,
    networkInterfaces: [{ networkIp: "10.83.0.22", ...Object(networkInterfaces)[0] }],
  }),
  "gcp:compute/network:Network": named("global/networks"),
  "gcp:compute/regionAutoscaler:RegionAutoscaler": nothing,
  "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager": named(
    "regions/us-central1/instanceGroupManagers",
  ),
  "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate": named("regions/us-central1/instanceTemplates"),
  "gcp:compute/route:Route": nothing,
  "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment": nothing,
  "gcp:compute/resourcePolicy:ResourcePolicy": named("regions/us-central1/resourcePolicies"),
  "gcp:compute/router:Router": named("regions/us-central1/routers"),
  "gcp:compute/routerNat:RouterNat": nothing,
  "gcp:compute/snapshot:Snapshot": named("global/snapshots"),
  "gcp:compute/subnetwork:Subnetwork": named("regions/us-central1/subnetworks"),
  "gcp:dns/managedZone:ManagedZone": named("managedZones"),
  "gcp:dns/recordSet:RecordSet": nothing,
  "gcp:iap/tunnelInstanceIAMMember:TunnelInstanceIAMMember": nothing,
  "gcp:kms/cryptoKey:CryptoKey": nothing,
  "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": nothing,
  "gcp:kms/keyRing:KeyRing": named("locations/us-central1/keyRings"),
  "gcp:logging/projectBucketConfig:ProjectBucketConfig": nothing,
  "gcp:logging/projectSink:ProjectSink": nothing,
  "gcp:monitoring/alertPolicy:AlertPolicy": nothing,
  "gcp:monitoring/metricDescriptor:MetricDescriptor": nothing,
  "gcp:monitoring/notificationChannel:NotificationChannel": nothing,
  "gcp:projects/iAMMember:IAMMember": nothing,
  "gcp:projects/serviceIdentity:ServiceIdentity": nothing,
  "gcp:pubsub/topic:Topic": named("topics"),
  "gcp:pubsub/topicIAMMember:TopicIAMMember": nothing,
  "gcp:secretmanager/secret:Secret": nothing,
  "gcp:secretmanager/secretIamMember:SecretIamMember": nothing,
  "gcp:secretmanager/secretVersion:SecretVersion": nothing,
  "gcp:serviceaccount/account:Account": named("serviceAccounts"),
  "gcp:serviceaccount/iAMMember:IAMMember": nothing,
  "gcp:storage/bucket:Bucket": named("buckets"),
  "gcp:storage/bucketIAMMember:BucketIAMMember": nothing,
};

export function gcpAnswers(): Pick<MockSettings, "outputs" | "invokes"> {
  return {
    outputs,
    invokes: {
      "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": () => ({
        emailAddress: "service-123456789012@gs-project-accounts.iam.gserviceaccount.com",
      }),
    },
  };
}

import type { Rule } from "../../rule.ts";

const aws = (...names: readonly string[]) => names.map((name) => `aws:${name}`);
const gcp = (...names: readonly string[]) => names.map((name) => `gcp:${name}`);
const azure = (...names: readonly string[]) => names.map((name) => `azure-native:${name}`);

/**
 * Types that neither open a network nor hold data nor grant anything: somebody looked at each. A type that does one of
 * these gets a rule instead.
 */
export const harmlessTypes: ReadonlySet<string> = new Set([
  ...["SshKey", "RandomSecret", "Volume"].map((name) => `lab:index:${name}`),
  ...aws(
    "autoscaling/attachment:Attachment",
    "autoscaling/lifecycleHook:LifecycleHook",
    "autoscaling/notification:Notification",
    "backup/plan:Plan",
    "backup/selection:Selection",
    "backup/vault:Vault",
    "budgets/budget:Budget",
    "cloudwatch/dashboard:Dashboard",
    "cloudwatch/eventRule:EventRule",
    "cloudwatch/eventTarget:EventTarget",
    "cloudwatch/logMetricFilter:LogMetricFilter",
    "cloudwatch/logStream:LogStream",
    "dlm/lifecyclePolicy:LifecyclePolicy",
    "ebs/defaultKmsKey:DefaultKmsKey",
    "ebs/snapshot:Snapshot",
    "ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    "ec2/internetGateway:InternetGateway",
    "ec2/internetGatewayAttachment:InternetGatewayAttachment",
    "ec2/keyPair:KeyPair",
    // It stops and starts a machine that other rules judge.
    "ec2transitgateway/instanceState:InstanceState",
    "ec2/mainRouteTableAssociation:MainRouteTableAssociation",
    "ec2/managedPrefixList:ManagedPrefixList",
    "ec2/managedPrefixListEntry:ManagedPrefixListEntry",
    "ec2/natGateway:NatGateway",
    "ec2/natGatewayEipAssociation:NatGatewayEipAssociation",
    "ec2/networkAclAssociation:NetworkAclAssociation",
    "ec2/networkInterfaceAttachment:NetworkInterfaceAttachment",
    "ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
    "ec2/placementGroup:PlacementGroup",
    "ec2/routeTableAssociation:RouteTableAssociation",
    "ec2/securityGroupAssociation:SecurityGroupAssociation",
    "ec2/tag:Tag",
    "ec2/volumeAttachment:VolumeAttachment",
    "ec2/vpc:Vpc",
    "ec2/vpcDhcpOptions:VpcDhcpOptions",
    "ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
    "ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
    "ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation",
    "ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive",
    "efs/mountTarget:MountTarget",
    "iam/instanceProfile:InstanceProfile",
    "iam/openIdConnectProvider:OpenIdConnectProvider",
    "iam/serviceLinkedRole:ServiceLinkedRole",
    "kms/alias:Alias",
    "route53/record:Record",
    "route53/zone:Zone",
    "s3/bucketNotification:BucketNotification",
    "s3/bucketOwnershipControls:BucketOwnershipControls",
    "s3/bucketMetric:BucketMetric",
    "secretsmanager/secretVersion:SecretVersion",
    "sns/topicSubscription:TopicSubscription",
  ),
  ...gcp(
    "billing/budget:Budget",
    "compute/address:Address",
    "compute/attachedDisk:AttachedDisk",
    "compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment",
    "compute/globalAddress:GlobalAddress",
    "compute/healthCheck:HealthCheck",
    "compute/networkFirewallPolicy:NetworkFirewallPolicy",
    "compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
    "compute/regionNetworkFirewallPolicy:RegionNetworkFirewallPolicy",
    "compute/regionNetworkFirewallPolicyAssociation:RegionNetworkFirewallPolicyAssociation",
    "compute/regionHealthCheck:RegionHealthCheck",
    "compute/resourcePolicy:ResourcePolicy",
    "compute/route:Route",
    "compute/router:Router",
    "compute/routerNat:RouterNat",
    "dns/managedZone:ManagedZone",
    "dns/recordSet:RecordSet",
    "kms/keyRing:KeyRing",
    "logging/metric:Metric",
    "logging/projectSink:ProjectSink",
    "monitoring/dashboard:Dashboard",
    "monitoring/metricDescriptor:MetricDescriptor",
    "monitoring/notificationChannel:NotificationChannel",
    "projects/service:Service",
    "pubsub/topic:Topic",
    // The agent of a service, which Google owns: what it may do is granted apart.
    "projects/serviceIdentity:ServiceIdentity",
    "secretmanager/secret:Secret",
    "secretmanager/secretVersion:SecretVersion",
    "serviceaccount/account:Account",
  ),
  ...azure(
    "authorization:ManagementLockAtResourceLevel",
    "authorization:ManagementLockByScope",
    "compute:DiskAccess",
    "compute:DiskEncryptionSet",
    "compute:GalleryImage",
    "consumption:Budget",
    "costmanagement:Budget",
    // Backups are encrypted and undeletable by the vault's defaults; what must be in one is guardrail W05.
    "dataprotection:BackupInstance",
    "dataprotection:BackupPolicy",
    "dataprotection:BackupVault",
    // Machines read their secrets at each start: one that ends on a day locks them out on that day. `up` replaces them.
    "keyvault:Secret",
    "managedidentity:FederatedIdentityCredential",
    "managedidentity:UserAssignedIdentity",
    "monitor:ActionGroup",
    "monitor:ActivityLogAlert",
    "monitor:DataCollectionEndpoint",
    "monitor:DataCollectionRule",
    "monitor:DataCollectionRuleAssociation",
    "network:ApplicationSecurityGroup",
    "network:NatGateway",
    "network:NetworkWatcher",
    "network:PrivateDnsZoneGroup",
    "network:PrivateEndpoint",
    // Whose it may be is judged over the stack (N22a).
    "network:PublicIPAddress",
    "network:PublicIPPrefix",
    "network:Route",
    "network:RouteTable",
    "privatedns:PrivateRecordSet",
    "privatedns:PrivateZone",
    "privatedns:VirtualNetworkLink",
    "resources:ResourceGroup",
  ),
]);

/** Refuses every type that no rule judges and nobody looked at: the next twin is refused before it is known. */
export function typesReviewed(rules: readonly Rule[]): Rule {
  const judged = new Set(rules.flatMap((rule) => Object.keys(rule.checks ?? {})));
  return {
    id: "G03",
    name: "types-reviewed",
    title: "Every type of resource is judged by a rule, or was looked at and is harmless.",
    family: "waivers",
    severity: "high",
    reason: "What can be made in two ways is guarded in one of them only.",
    remediation: "Write a rule for the type, or list it in policies/rules/waivers/types-reviewed.ts.",
    upstream: [],
    every: function* ({ type }) {
      // Components hold no more than what is judged inside of them.
      if (/^(pulumi|logos):/.test(type) || judged.has(type) || harmlessTypes.has(type)) return;
      yield { found: `is a "${type}", which no rule judges and nobody looked at` };
    },
  };
}

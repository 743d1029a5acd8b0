import { of, type Scene, U } from "./kit.ts";

const sg = "aws:ec2/securityGroup:SecurityGroup";
const sgIn = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const sgOut = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const firewall = "gcp:compute/firewall:Firewall";
const nsgRule = "azure-native:network:SecurityRule";
const awsIn = ["N01", "N02", "N03", "N19"];
const gcpIn = ["N12", "N13", "N14", "N15", "N19"];
const azureIn = ["N19", "N20", "N21"];
const text = ["Q11", "I11"];
const ssh = { ipProtocol: "tcp", fromPort: 22, toPort: 22 };
const slurm = { ipProtocol: "tcp", fromPort: 6817, toPort: 6818 };
const base64 = (value: string) => Buffer.from(value).toString("base64");
const template = (userData: string) => of("aws:ec2/launchTemplate:LaunchTemplate", { userData });
const command = (create: string) => of("command:remote:Command", { create });
const inbound = { direction: "Inbound", access: "Allow", protocol: "Tcp", priority: 100, destinationPortRange: "6818" };
const outbound = { ...inbound, direction: "Outbound", destinationPortRange: "443" };
const declared = {
  profile: "standard",
  operatorRanges: ["203.0.113.0/28"],
  vpnRanges: ["100.64.0.0/10"],
  bastion: { securityGroups: ["bastion"], addresses: ["10.0.0.2"] },
};

const year = 365 * 86_400;
const trial = { profile: "standard", audit: { lock: "governance" } };

/** What looks wrong to a simpler rule, and is not: each with the rules that have to be silent. */
export const controls: readonly (readonly [what: string, scene: Scene, rules: readonly string[], config?: object])[] = [
  ["a source that is a security group", of(sgIn, { ...ssh, referencedSecurityGroupId: "sg-1" }), awsIn],
  ["a source group that is not known yet", of(sgIn, { ...ssh, referencedSecurityGroupId: U }), awsIn],
  [
    "a rule among the members of a group",
    of(sg, { ingress: [{ protocol: "tcp", fromPort: 6818, toPort: 6818, self: true }] }),
    awsIn,
  ],
  ["a private range of 10/8", of(sgIn, { ...slurm, cidrIpv4: "10.0.0.0/8" }), awsIn],
  ["a private range of 172.16/12", of(sgIn, { ...slurm, cidrIpv4: "172.16.0.0/12" }), awsIn],
  ["a private range of 192.168/16", of(sgIn, { ...slurm, cidrIpv4: "192.168.0.0/16" }), awsIn],
  ["a unique local range of IPv6", of(sgIn, { ...slurm, cidrIpv6: "fd00::/8" }), awsIn],
  ["a link-local range of IPv6", of(sgIn, { ...slurm, cidrIpv6: "fe80::/10" }), awsIn],
  ["a private range with bits beyond its prefix", of(sgIn, { ...slurm, cidrIpv4: "10.1.2.3/8" }), awsIn],
  ["a private range that is written as IPv6", of(sgIn, { ...slurm, cidrIpv6: "::ffff:10.0.0.0/104" }), awsIn],
  ["a group without rules", of(sg, { ingress: [], egress: [] }), awsIn],
  ["a group whose rules are left out", of(sg, {}), awsIn],
  [
    "HTTPS to one range outside",
    of(sgOut, { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "52.95.110.0/24" }),
    awsIn,
  ],
  ["everything to a private range", of(sgOut, { ipProtocol: "-1", cidrIpv4: "10.0.0.0/8" }), awsIn],
  [
    "a prefix list as destination",
    of(sgOut, { ipProtocol: "tcp", fromPort: 443, toPort: 443, prefixListId: "pl-1" }),
    awsIn,
  ],
  ["SSH from the bastion's declared address", of(sgIn, { ...ssh, cidrIpv4: "10.0.0.2/32" }), awsIn, declared],
  [
    "SSH to the bastion from a declared range",
    of(sgIn, { ...ssh, cidrIpv4: "203.0.113.5/32" }, { name: "bastion" }),
    awsIn,
    declared,
  ],
  [
    "SSH to the bastion from the VPN",
    of(sgIn, { ...ssh, cidrIpv4: "100.64.0.0/10" }, { name: "bastion" }),
    awsIn,
    declared,
  ],
  [
    "the database's port from a private range",
    of(sgIn, { ipProtocol: "tcp", fromPort: 5432, toPort: 5432, cidrIpv4: "10.0.0.0/8" }),
    ["N01", "N02"],
  ],
  [
    "a rule of GCP that is off",
    of(firewall, {
      disabled: true,
      network: "n",
      sourceRanges: ["0.0.0.0/0"],
      allows: [{ protocol: "tcp", ports: ["22"] }],
    }),
    gcpIn,
  ],
  [
    "a rule of GCP for what goes out",
    of(firewall, {
      direction: "EGRESS",
      network: "n",
      destinationRanges: ["10.0.0.0/8"],
      allows: [{ protocol: "tcp", ports: ["22"] }],
    }),
    gcpIn,
  ],
  [
    "a rule of GCP that denies",
    of(firewall, { network: "n", sourceRanges: ["0.0.0.0/0"], denies: [{ protocol: "all" }] }),
    gcpIn,
  ],
  [
    "a rule of GCP that denies what goes out",
    of(firewall, {
      direction: "EGRESS",
      network: "n",
      destinationRanges: ["0.0.0.0/0"],
      denies: [{ protocol: "all" }],
    }),
    gcpIn,
  ],
  [
    "a rule of GCP for a tag",
    of(firewall, { network: "n", sourceTags: ["bastion"], allows: [{ protocol: "tcp", ports: ["22"] }] }),
    gcpIn,
  ],
  [
    "a rule of GCP for a service account",
    of(firewall, { network: "n", sourceServiceAccounts: [U], allows: [{ protocol: "tcp", ports: ["22"] }] }),
    gcpIn,
  ],
  [
    "a rule of GCP whose network is not known yet",
    of(firewall, { network: U, sourceRanges: ["10.0.0.0/8"], allows: [{ protocol: "tcp", ports: ["6818"] }] }),
    gcpIn,
  ],
  [
    "Google's own APIs as destination",
    of(firewall, {
      direction: "EGRESS",
      network: "n",
      destinationRanges: ["199.36.153.8/30"],
      allows: [{ protocol: "tcp", ports: ["443"] }],
    }),
    gcpIn,
  ],
  ["an NSG rule for VirtualNetwork", of(nsgRule, { ...inbound, sourceAddressPrefix: "VirtualNetwork" }), azureIn],
  [
    "an NSG rule for the load balancer's probes",
    of(nsgRule, { ...inbound, sourceAddressPrefix: "AzureLoadBalancer" }),
    azureIn,
  ],
  [
    "an NSG rule for an application security group",
    of(nsgRule, { ...inbound, sourceApplicationSecurityGroups: [{ id: U }] }),
    azureIn,
  ],
  [
    "an NSG rule that denies all",
    of(nsgRule, { ...inbound, access: "Deny", sourceAddressPrefix: "*", protocol: "*", destinationPortRange: "*" }),
    azureIn,
  ],
  [
    "an NSG rule that denies all that goes out",
    of(nsgRule, {
      ...outbound,
      access: "Deny",
      destinationAddressPrefix: "Internet",
      protocol: "*",
      destinationPortRange: "*",
    }),
    azureIn,
  ],
  [
    "an NSG rule that lets out to a service",
    of(nsgRule, { ...outbound, destinationAddressPrefix: "VirtualNetwork" }),
    azureIn,
  ],
  ["an NSG rule for a private range", of(nsgRule, { ...inbound, sourceAddressPrefix: "10.83.0.0/24" }), azureIn],
  [
    "an NSG rule for several private ranges",
    of(nsgRule, { ...inbound, sourceAddressPrefixes: ["10.83.0.0/25", "10.83.0.128/25"] }),
    azureIn,
  ],
  ["user data that starts a unit", template(base64("#!/bin/sh\nsystemctl start slurmd.service\n")), text],
  [
    "user data that names a secret's place",
    template(
      base64(
        "#cloud-config\nwrite_files:\n  - path: /etc/x\n    content: arn:aws:secretsmanager:eu-central-1:1:secret:jwks\n",
      ),
    ),
    text,
  ],
  [
    "user data with an SSH public key",
    template(
      base64(
        "#cloud-config\nssh_authorized_keys:\n  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq8Zr2LwX0vTn5YbK7uPdE3sHj9Gf1AcMq8Zr2LwX0v operator\n",
      ),
    ),
    text,
  ],
  [
    "user data with a sha256",
    template(base64(`#!/bin/sh\necho "${"0f1e2d3c".repeat(8)}  /usr/bin/x" | sha256sum -c\n`)),
    text,
  ],
  [
    "user data that turns password logins off",
    template(base64("#cloud-config\nssh_pwauth: false\ndisable_root: true\n")),
    text,
  ],
  ["a word like password in a comment", command("sudo /usr/lib/logos/activate password-policy"), text],
  [
    "a recipe digest as argument",
    command(`sudo /usr/bin/logos-agent manifest write --digest ${"ab".repeat(32)}`),
    [...text, "Q06", "Q07", "X05"],
  ],
  ["a command whose argument is called aws", command("sudo /usr/lib/logos/activate aws"), ["X05", "Q06"]],
  [
    "a trigger that is an instance's id",
    of("command:remote:Command", { create: "sudo -n true", triggers: ["i-0123456789abcdef0", "ab".repeat(32)] }),
    text,
  ],
  ["a tag with an image's id", of("aws:ec2/vpc:Vpc", { tags: { image: `image:${"ab".repeat(32)}` } }), text],
  [
    "a machine's serial log that is off",
    of("gcp:compute/instance:Instance", { metadata: { "block-project-ssh-keys": true, "serial-port-enable": false } }),
    ["I08"],
  ],
  [
    "a role for a service",
    of("aws:iam/role:Role", {
      assumeRolePolicy: JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    }),
    ["I04", "I05"],
  ],
  [
    "a denial of everything",
    of("aws:iam/policy:Policy", {
      policy: JSON.stringify({ Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] }),
    }),
    ["I01", "I02", "Q15"],
  ],
  [
    "describing machines, which names no resource",
    of("aws:iam/policy:Policy", {
      policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" }] }),
    }),
    ["I01", "I02"],
  ],
  [
    "reading one secret",
    of("aws:iam/policy:Policy", {
      policy: JSON.stringify({
        Statement: [
          {
            Effect: "Allow",
            Action: "secretsmanager:GetSecretValue",
            Resource: "arn:aws:secretsmanager:eu-central-1:1:secret:jwks-AbCdEf",
          },
        ],
      }),
    }),
    ["I01", "I02"],
  ],
  [
    "a bucket policy that denies everybody without TLS",
    of("aws:s3/bucketPolicy:BucketPolicy", {
      policy: JSON.stringify({
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
    }),
    ["N24", "T01"],
  ],
  [
    "a bucket that anybody in the organization reads",
    of("aws:s3/bucketPolicy:BucketPolicy", {
      policy: {
        Statement: [
          {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
          },
        ],
      },
    }),
    ["N24"],
  ],
  [
    "a mapping that removes a device",
    of("aws:ec2/launchTemplate:LaunchTemplate", {
      blockDeviceMappings: [
        { deviceName: "/dev/sda1", ebs: { encrypted: "true", kmsKeyId: U } },
        { deviceName: "/dev/sdb", noDevice: "true" },
      ],
    }),
    ["E02"],
  ],
  [
    "a disk from an encrypted snapshot in an AMI",
    of("aws:ec2/ami:Ami", { ebsBlockDevices: [{ deviceName: "/dev/sda1", snapshotId: U }] }),
    ["E05"],
  ],
  [
    "a signing key, which cannot rotate",
    of("aws:kms/key:Key", { customerMasterKeySpec: "ECC_NIST_P256", policy: '{"Statement":[]}' }),
    ["E09"],
  ],
  [
    "a small machine for the control plane",
    of("aws:ec2/instance:Instance", { instanceType: "t3.small" }, { within: ["logos:substrate:ControlPlane"] }),
    ["Q02", "G02"],
  ],
  [
    "a bastion with a public address",
    of("aws:ec2/instance:Instance", { associatePublicIpAddress: true }, { within: ["logos:substrate:Bastion"] }),
    ["N07"],
  ],
  [
    "the current number left to the autoscaler",
    of(
      "aws:autoscaling/group:Group",
      { minSize: 3, maxSize: 6 },
      { within: ["logos:substrate:NodePool"], ignoreChanges: ["desiredCapacity"] },
    ),
    ["Q01a"],
  ],
  [
    "the current size of a scale set left alone",
    of(
      "azure-native:compute:VirtualMachineScaleSet",
      { sku: { name: "Standard_D8ls_v5", capacity: 3 } },
      { within: ["logos:substrate:NodePool"], ignoreChanges: ["sku.capacity"] },
    ),
    ["Q01a", "Q02"],
  ],
  ["tags left out of updates", of(sgIn, { ...slurm, cidrIpv4: "10.0.0.0/8" }, { ignoreChanges: ["tags"] }), awsIn],
  [
    "a schedule that leaves the bounds alone",
    of("aws:autoscaling/schedule:Schedule", { minSize: -1, maxSize: -1, desiredCapacity: 4 }),
    ["Q01a"],
  ],
  [
    "a lifecycle that moves snapshots",
    of("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
      rules: [
        {
          filter: { prefix: "sandbox/" },
          transitions: [{ days: 30, storageClass: "GLACIER" }],
        },
        { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
      ],
    }),
    ["Q19", "W04", "Q08"],
  ],
  [
    "an expiry of cache objects",
    of("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
      rules: [
        {
          filter: { prefix: "cache/" },
          expiration: { days: 30 },
        },
        { status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
      ],
    }),
    ["Q19", "W04"],
  ],
  [
    "a subnet for a proxy",
    of("gcp:compute/subnetwork:Subnetwork", { purpose: "REGIONAL_MANAGED_PROXY" }),
    ["N18", "L01"],
  ],
  [
    "a lock that a named right lifts, as a trial declares it, and a stricter one",
    ["GOVERNANCE", "COMPLIANCE"].map((mode) =>
      of("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", {
        rule: { defaultRetention: { mode, days: 365 } },
      }),
    ),
    ["W02"],
    trial,
  ],
  [
    "a trial's retention that is not locked",
    of("gcp:storage/bucket:Bucket", { labels: { "logos-audit": "true" }, retentionPolicy: { retentionPeriod: year } }),
    ["W03", "Q08"],
    trial,
  ],
  [
    "a trial's data",
    of("logos:substrate:Data", { lock: "governance", keep: true, retentionDays: 365 }),
    ["Q08"],
    trial,
  ],
];

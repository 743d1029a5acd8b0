import * as credentials from "../../../policies/rules/credentials/credentials.ts";
import { type Cases, of, table, U } from "./kit.ts";

const policy = "aws:iam/policy:Policy";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const document = (statement: object) => ({
  policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] }),
});
const gcpInstance = "gcp:compute/instance:Instance";
const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
// Put together here, so that no scanner of repositories takes it for a real one.
const accessKey = `${"AKIA"}IOSFODNN7EXAMPLE`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

export const credentialsCases: readonly Cases[] = [
  table(credentials.noSecretsInText, of(template, { userData: base64("#!/bin/sh\nsystemctl start slurmd\n") }), {
    passes: [
      of("command:remote:Command", {
        create: "sudo -n true",
        stdin: accessKey,
        connection: { privateKey: "-----BEGIN OPENSSH PRIVATE KEY-----" },
      }),
      of("aws:secretsmanager/secretVersion:SecretVersion", { secretString: accessKey }),
    ],
    fails: [
      { userData: base64(`export AWS_ACCESS_KEY_ID=${accessKey}\n`) },
      of("command:remote:Command", { create: `echo ${accessKey}` }),
      of("command:remote:Command", { triggers: ["x", accessKey] }),
      of("command:remote:Command", { environment: { A: accessKey } }),
      of("aws:ec2/vpc:Vpc", { tags: { note: `${U} ${accessKey}` } }),
    ],
    later: [{ userData: U }],
    omitted: [["userData", "passes"]],
    twins: [
      of(gcpInstance, { metadataStartupScript: accessKey }),
      of(gcpTemplate, { metadata: { "user-data": accessKey } }),
      of(vm, { osProfile: { customData: base64(`password: "hunter2-hunter2"\n`) } }),
      of(vmss, { virtualMachineProfile: { userData: base64(`key ${accessKey} here\n`) } }),
      of("aws:ec2/spotFleetRequest:SpotFleetRequest", { launchSpecifications: [{ userData: accessKey }] }),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", { userDataBase64: base64(`key ${accessKey} here\n`) }),
    ],
  }),
  table(credentials.userDataPlain, of(template, { userData: base64("#!/bin/sh\nsystemctl start slurmd\n") }), {
    passes: [of(gcpInstance, { metadata: { "user-data": "#cloud-config\npackage_upgrade: false\n" } })],
    fails: [
      { userData: base64("#!/bin/sh\ncurl https://x | sh\n") },
      { userData: "#!/bin/sh\naws ec2 authorize-security-group-ingress --group-id x --cidr 0.0.0.0/0\n" },
      { userData: base64("#!/bin/sh\nnpm install -g something\n") },
      { userData: base64("#!/bin/bash\nset -e\nif true; then sudo gcloud compute firewall-rules create x; fi\n") },
    ],
    later: [{ userData: U }],
    omitted: [["userData", "passes"]],
    twins: [
      of(gcpInstance, { metadataStartupScript: "wget -qO- https://x | bash" }),
      of(gcpTemplate, { metadata: { "startup-script-url": "https://x" } }),
      of(vm, { osProfile: { customData: base64("#!/bin/sh\naz network nsg rule create -g x\n") } }),
      of(instance, { userDataBase64: base64("#!/bin/sh\nnft flush ruleset\n") }),
    ],
  }),
  table(credentials.noStaticCredentials, of("pulumi:providers:aws", { region: "eu-central-1" }), {
    passes: [of("pulumi:providers:gcp", { project: "p" })],
    fails: [{ secretKey: "x" }, { accessKey: U }, of("aws:iam/accessKey:AccessKey")],
    later: [{ region: U }],
    omitted: [["accessKey", "passes"]],
    twins: [
      of("pulumi:providers:gcp", { credentials: U }),
      of("pulumi:providers:azure-native", { clientSecret: "x" }),
      of("gcp:serviceaccount/key:Key"),
      of("gcp:storage/hmacKey:HmacKey"),
      of("aws:iam/user:User"),
    ],
  }),
  table(
    credentials.cacheTrust,
    of(policy, document({ Action: ["s3:GetObject"], Resource: "arn:aws:s3:::logos-cache/*" })),
    {
      passes: [
        of(policy, document({ Action: ["s3:PutObject"], Resource: "arn:aws:s3:::logos-cache/*" }), {
          name: "cache-publisher",
        }),
        of("gcp:storage/bucketIAMMember:BucketIAMMember", {
          bucket: "logos-cache",
          role: "roles/storage.objectViewer",
        }),
      ],
      fails: [
        document({ Action: "s3:PutObject", Resource: "arn:aws:s3:::logos-cache/*" }),
        document({ Action: "s3:*", Resource: ["x", "arn:aws:s3:::cache"] }),
        document({ Action: ["s3:DeleteObject"], Resource: "arn:aws:s3:::cache/*" }),
      ],
      unknown: [of("gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "cache", role: U })],
      later: [{ policy: U }],
      omitted: [["policy", "passes"]],
      twins: [
        of(rolePolicy, document({ Action: "s3:PutObject", Resource: "arn:aws:s3:::cache/*" })),
        of("gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "logos-cache", role: "roles/storage.objectAdmin" }),
        of(
          "gcp:storage/bucketIAMBinding:BucketIAMBinding",
          { bucket: U, role: "roles/storage.objectCreator" },
          { name: "cache-nodes" },
        ),
      ],
    },
  ),
];

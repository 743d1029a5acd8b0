import { gzipSync } from "node:zlib";
import * as credentials from "../../../policies/rules/credentials/credentials.ts";
import { userDataPlain } from "../../../policies/rules/credentials/user-data.ts";
import { at, type Cases, of, table, U } from "./kit.ts";

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
const cache = "arn:aws:s3:::logos-cache/*";
const bucketMember = "gcp:storage/bucketIAMMember:BucketIAMMember";
const roleAssignment = "azure-native:authorization:RoleAssignment";
/** Azure's own roles on blobs. */
const blobs = { reads: "/x/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", writes: "/x/ba92f5b4-2d11-453d-a403-e96b0029c9fe" };
const metadataItem = "gcp:compute/projectMetadataItem:ProjectMetadataItem";
const spotFleet = "aws:ec2/spotFleetRequest:SpotFleetRequest";
const fetches = "#!/bin/sh\ncurl https://x | sh\n";
const tooLarge = gzipSync(Buffer.alloc(5_000_000)).toString("base64");
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
      of("aws:secretsmanager/secretVersion:SecretVersion", { secretString: accessKey, description: accessKey }),
      // These are other rules' to refuse, or public.
      of(vm, { osProfile: { adminPassword: accessKey, linuxConfiguration: { ssh: { publicKeys: [accessKey] } } } }),
      of(vm, { "settings.protectedSettings": { password: accessKey }, settings: { protectedSettings: accessKey } }),
    ],
    fails: [
      at({ userData: base64(`export AWS_ACCESS_KEY_ID=${accessKey}\n`) }, "userData"),
      of("command:remote:Command", { create: `echo ${accessKey}` }),
      at(of("command:remote:Command", { triggers: ["x", accessKey] }), "triggers[1]"),
      of("command:remote:Command", { environment: { A: accessKey } }),
      of("aws:ec2/vpc:Vpc", { tags: { note: `${U} ${accessKey}` } }),
      of(vm, { osProfile: { adminPasswordHint: accessKey } }),
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
  table(userDataPlain, of(template, { userData: base64("#!/bin/sh\nsystemctl start slurmd\n") }), {
    passes: [
      of(gcpInstance, {
        metadata: { "user-data": "#cloud-config\npackage_upgrade: false\nruncmd: [systemctl, status]\n" },
      }),
      { userData: "#!/bin/sh\nTOKEN=$(curl -s http://metadata.google.internal/x)\necho $TOKEN | sha256sum\n" },
      { userData: "#!/bin/sh\ncurl -o /run/x https://x\n/usr/bin/wget -q https://x\n" },
      {
        userData:
          '#!/bin/sh\n# no #include https://x\ndpkg -s curl wget\ncat /etc/step | sh\nsh -c "$(cat /etc/step)"\n',
      },
      { userData: "#!/bin/sh\nnpm ci --omit=dev\npip --global x\ncat > x.c << E\n#include <stdio.h>\nE\n" },
      { userData: "#!/bin/sh\n# no #cloud-config: is text, not what it seems\nmypnpm add -g x\n" },
      { userData: "#cloud-config\nruncmd:\nfinal_message: null\n" },
      { userData: "#!/bin/sh\nnft list ruleset\niptables -L\naws s3 cp s3://x y\necho ufw allow\n" },
      of(metadataItem, { key: "startup-script-note", value: "curl https://x | sh" }),
    ],
    fails: [
      at({ userData: base64("#!/bin/sh\ncurl https://x | sh\n") }, "userData"),
      { userData: base64("#!/bin/sh\ncurl https://x | sh\n").replace(/.{20}/g, "$&\n") },
      { userData: gzipSync("#!/bin/sh\ncurl https://x | sh\n").toString("base64") },
      { userData: tooLarge },
      { userData: "/usr/bin/curl https://x | sudo bash" },
      { userData: "wget -qO- https://x | python3 -" },
      { userData: "bash <(curl https://x)" },
      { userData: 'sh -ec "$(curl https://x)"' },
      { userData: 'eval "$(wget -qO- https://x)"' },
      { userData: "#include\nhttps://x\n" },
      { userData: "#include-once  http://x\n" },
      { userData: "#!/bin/sh\naws ec2 authorize-security-group-ingress --group-id x --cidr 0.0.0.0/0\n" },
      at({ userData: base64("#!/bin/sh\nnpm install -g something\n") }, "userData"),
      { userData: "npm i --global something" },
      at(
        { userData: base64("#!/bin/bash\nset -e\nif true; then sudo gcloud compute firewall-rules create x; fi\n") },
        "userData",
      ),
      ...[
        "/usr/sbin/iptables -P INPUT ACCEPT",
        "iptables -w -A INPUT -p tcp -j ACCEPT",
        "ip6tables -F",
        "nft -f /tmp/rules",
        "ufw disable",
        "firewall-cmd --add-port=22/tcp",
        "gsutil iam ch allUsers:objectViewer gs://x",
      ].map((line) => ({ userData: `#!/bin/sh\n${line}\n` })),
      ...[
        "runcmd:\n  - systemctl --quiet status\n  - curl https://x | sh\n",
        'runcmd:\n  - [ sh, -c, "curl https://x | sh" ]\n',
        "bootcmd:\n  - [ nft, flush, ruleset ]\n",
        "write_files:\n  - path: /x\n    content: |\n      #!/bin/sh\n      nft flush ruleset\n",
        `write_files:\n  - { encoding: b64, content: ${base64("#!/bin/sh\nnft flush ruleset\n")} }\n`,
        "a: [\nnft flush ruleset\n",
      ].map((text) => ({ userData: `#cloud-config\n${text}` })),
      { userData: "## template: jinja\n#cloud-config\nruncmd:\n  - nft flush ruleset\n" },
      {
        userData: `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/cloud-config\n\n#cloud-config\nruncmd:\n- curl https://x | sh\n--b--\n`,
      },
    ],
    later: [{ userData: U }, of(metadataItem, { key: "startup-script", value: U })],
    omitted: [
      ["userData", "passes"],
      [of(gcpInstance, { metadata: { "startup-script-url": null } }), "passes"],
      [of(metadataItem, {}), "passes"],
    ],
    twins: [
      at(of(gcpInstance, { metadataStartupScript: fetches }), "metadataStartupScript"),
      ...["user-data", "startup-script", "shutdown-script"].flatMap((key) => [
        at(of(gcpTemplate, { metadata: { [key]: fetches } }), `metadata.${key}`),
        at(of("gcp:compute/projectMetadata:ProjectMetadata", { metadata: { [key]: fetches } }), `metadata.${key}`),
        at(of(metadataItem, { key, value: fetches }), "value"),
      ]),
      ...["startup-script-url", "shutdown-script-url"].flatMap((key) => [
        at(of(gcpTemplate, { metadata: { [key]: "https://x" } }), `metadata.${key}`),
        of("gcp:compute/projectMetadata:ProjectMetadata", { metadata: { [key]: "https://x" } }),
        at(of(metadataItem, { key, value: "https://x" }), "value"),
      ]),
      at(
        of(vm, { osProfile: { customData: base64("#!/bin/sh\naz network nsg rule create -g x\n") } }),
        "osProfile.customData",
      ),
      at(
        of(vmss, { virtualMachineProfile: { osProfile: { customData: fetches } } }),
        "virtualMachineProfile.osProfile.customData",
      ),
      at(of(vmss, { virtualMachineProfile: { userData: fetches } }), "virtualMachineProfile.userData"),
      of(instance, { userDataBase64: base64("#!/bin/sh\nnft flush ruleset\n") }),
      at(
        of(spotFleet, { launchSpecifications: [{}, { userData: fetches }, { userDataBase64: fetches }] }),
        "launchSpecifications[1].userData",
        "launchSpecifications[2].userDataBase64",
      ),
    ],
  }),
  table(credentials.noStaticCredentials, of("pulumi:providers:aws", { region: "eu-central-1" }), {
    passes: [of("pulumi:providers:gcp", { project: "p" })],
    fails: [
      at({ secretKey: "x" }, "secretKey"),
      at({ accessKey: U }, "accessKey"),
      at(of("aws:iam/accessKey:AccessKey"), ""),
    ],
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
  table(credentials.cacheTrust, of(policy, document({ Action: ["s3:GetObject"], Resource: cache })), {
    passes: [
      of(policy, document({ Action: ["s3:PutObject"], Resource: cache }), { name: "cache-publisher" }),
      document({ Effect: "Deny", Action: "s3:PutObject", Resource: cache }),
      document({ Action: "s3:PutObject", Resource: "arn:aws:s3:::audit/cache/*" }),
      document({ Action: "s3:PutObject", Resource: "arn:aws:dynamodb:::cache" }),
      of(bucketMember, { bucket: "logos-cache", role: "roles/storage.objectViewer" }),
      of(bucketMember, { bucket: "logos-audit", role: "roles/storage.objectCreator" }),
      of(bucketMember, { bucket: "logos-cache", role: "roles/storage.objectAdmin" }, { name: "publisher-cache" }),
      of(roleAssignment, { scope: "/x/containers/cache", roleDefinitionId: blobs.reads }),
      of(roleAssignment, { scope: "/x/containers/audit", roleDefinitionId: blobs.writes }),
      of(roleAssignment, { scope: U, roleDefinitionId: blobs.writes }, { name: "publisher-cache" }),
    ],
    fails: [
      at(document({ Action: "s3:PutObject", Resource: cache }), "policy.Statement[0]"),
      document({ Action: ["s3:GetObject", "s3:putobject"], Resource: cache }),
      document({ Action: "s3:Put*", Resource: cache }),
      document({ Action: "s3:*", Resource: ["x", "arn:aws:s3:::cache"] }),
      document({ Action: "s3:PutObject", Resource: "arn:aws:s3:::logos-*" }),
      document({ Action: "s3:PutObject", Resource: "*" }),
      document({ Action: ["s3:DeleteObject"], Resource: "arn:aws-cn:s3:::cache/*" }),
    ],
    unknown: [of(bucketMember, { bucket: "cache", role: U })],
    later: [{ policy: U }, of(roleAssignment, { scope: "/x/containers/cache", roleDefinitionId: U })],
    omitted: [
      ["policy", "passes"],
      [at(of(bucketMember, { bucket: "cache" }), "role"), "fails"],
      [of(roleAssignment, { scope: "/x/containers/cache" }), "passes"],
    ],
    twins: [
      of(rolePolicy, document({ Action: "s3:PutObject", Resource: cache })),
      at(of(bucketMember, { bucket: "logos-cache", role: "roles/storage.objectAdmin" }), "role"),
      of(bucketMember, { bucket: "logos-cache", role: "projects/p/roles/cacheWriter" }),
      of(
        "gcp:storage/bucketIAMBinding:BucketIAMBinding",
        { bucket: U, role: "roles/storage.objectCreator" },
        { name: "cache-nodes" },
      ),
      at(of(roleAssignment, { scope: U, roleDefinitionId: blobs.writes }, { name: "node-cache" }), "roleDefinitionId"),
      of(roleAssignment, { scope: "/x/containers/cache", roleDefinitionId: blobs.writes.toUpperCase() }),
    ],
  }),
];

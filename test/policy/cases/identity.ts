import * as aws from "../../../policies/rules/identity/aws.ts";
import * as others from "../../../policies/rules/identity/others.ts";
import { type Cases, of, table, U } from "./kit.ts";

const policy = "aws:iam/policy:Policy";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const role = "aws:iam/role:Role";
const document = (statement: object) => ({
  policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] }),
});
const put = { Action: "s3:PutObject", Resource: "arn:aws:s3:::audit/entries/*" };
const trust = (statement: object) => ({
  assumeRolePolicy: JSON.stringify({ Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }] }),
});
const gcpInstance = "gcp:compute/instance:Instance";
const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const keysOnly = { osProfile: { linuxConfiguration: { disablePasswordAuthentication: true } } };
const account = "azure-native:storage:StorageAccount";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const login = { metadata: { "block-project-ssh-keys": "true" } };

export const identityCases: readonly Cases[] = [
  table(aws.noStars, of(policy, document(put)), {
    passes: [
      document({ Action: ["ec2:DescribeInstances", "cloudwatch:PutMetricData"], Resource: "*" }),
      document({ ...put, Effect: "Deny", Action: "*", Resource: "*" }),
    ],
    fails: [
      document({ ...put, Action: "*" }),
      document({ ...put, Action: ["s3:*"] }),
      document({ ...put, Resource: "*" }),
      document({ NotAction: "iam:*", Resource: "x" }),
      { policy: "{" },
    ],
    later: [{ policy: U }],
    omitted: [["policy", "passes"]],
    twins: [
      of(rolePolicy, document({ Action: "*", Resource: "*" })),
      of(role, { inlinePolicies: [document({ Action: "*", Resource: "*" })] }),
      of("aws:iam/userPolicy:UserPolicy", document({ Action: "*", Resource: "*" })),
      of(policy, { policy: { Statement: { Effect: "Allow", Action: "*", Resource: "*" } } }),
    ],
  }),
  table(aws.noEscalation, of(policy, document(put)), {
    passes: [
      document({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:eu:1:secret:jwks" }),
      document({ Action: "kms:Decrypt", Resource: "*", Condition: { StringEquals: { "kms:ViaService": "s3" } } }),
    ],
    fails: [
      document({ Action: "iam:PassRole", Resource: "*" }),
      document({ Action: ["s3:Get*"], Resource: "*" }),
      document({ Action: "secretsmanager:*", Resource: ["*"] }),
      document({ Action: "ssm:SendCommand" }),
    ],
    later: [{ policy: U }],
    omitted: [["policy", "passes"]],
    twins: [
      of(rolePolicy, document({ Action: "sts:AssumeRole", Resource: "*" })),
      of(role, { inlinePolicies: [document({ Action: "iam:PassRole", Resource: "*" })] }),
    ],
  }),
  table(
    aws.noAdministrators,
    of("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
      policyArn: "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
    }),
    {
      passes: [of(role, { managedPolicyArns: ["arn:aws:iam::1:policy/logos-node"] })],
      fails: ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"].map((name) => ({
        policyArn: `arn:aws:iam::aws:policy/${name}`,
      })),
      later: [{ policyArn: U }],
      omitted: [["policyArn", "passes"]],
      twins: [
        of(role, { managedPolicyArns: [U, "arn:aws:iam::aws:policy/AdministratorAccess"] }),
        of("aws:iam/policyAttachment:PolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
        of("aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: "arn:aws:iam::aws:policy/IAMFullAccess" }),
      ],
    },
  ),
  table(aws.rolesBounded, of(role, trust({ Principal: { Service: "ec2.amazonaws.com" } })), {
    passes: [
      trust({
        Principal: { Federated: "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" },
        Condition: { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:o/r:environment:prod" } },
      }),
    ],
    fails: [
      trust({ Principal: "*" }),
      trust({ Principal: { AWS: "*" } }),
      trust({ Principal: { AWS: "arn:aws:iam::9:root" } }),
      trust({ Principal: { Federated: "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com" } }),
      trust({
        Principal: { Federated: "arn:aws:iam::1:oidc-provider/x" },
        Condition: { StringLike: { "x:sub": "repo:*" } },
      }),
      { assumeRolePolicy: "{" },
    ],
    later: [{ assumeRolePolicy: U }],
    omitted: [[of("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", {}), "fails"]],
    twins: [of("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", { attributeCondition: "" })],
  }),
  table(aws.noUsers, of(role, {}), {
    passes: [of(role, { inlinePolicies: [{}] })],
    fails: [
      of("aws:iam/user:User"),
      of("aws:iam/userPolicy:UserPolicy"),
      of(role, { inlinePolicies: [{ policy: "{}" }] }),
    ],
    later: [of(role, { name: U })],
    omitted: [["inlinePolicies", "passes"]],
    twins: [of("aws:iam/group:Group"), of("aws:iam/userLoginProfile:UserLoginProfile")],
  }),
  table(aws.machinesHaveIdentity, of(template, { iamInstanceProfile: { arn: U } }), {
    passes: [of(vm, { identity: { type: "UserAssigned" } })],
    fails: [
      { iamInstanceProfile: {} },
      of(vm, { identity: { type: "None" } }),
      of(instance, { iamInstanceProfile: "" }),
    ],
    later: [{ iamInstanceProfile: U }],
    omitted: [
      ["iamInstanceProfile", "fails"],
      [of(vm, {}), "fails"],
    ],
    twins: [
      of(instance, {}),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", {}),
      of(vmss, {}),
      of("aws:ec2/spotFleetRequest:SpotFleetRequest", { launchSpecifications: [{}] }),
    ],
  }),
  table(others.gcpLeastPrivilege, of(gcpInstance, { serviceAccount: { email: "node@p.iam.gserviceaccount.com" } }), {
    passes: [of("gcp:projects/iAMMember:IAMMember", { role: "roles/logging.logWriter", member: U })],
    fails: [
      { "serviceAccount.email": "1-compute@developer.gserviceaccount.com" },
      of("gcp:projects/iAMMember:IAMMember", { role: "roles/editor", member: U }),
      of("gcp:projects/iAMMember:IAMMember", { role: "roles/iam.serviceAccountUser", member: U }),
      of("gcp:projects/iAMBinding:IAMBinding", { role: "roles/x", members: ["allUsers"] }),
      of("gcp:serviceaccount/key:Key"),
    ],
    unknown: [of("gcp:projects/iAMMember:IAMMember", { role: U, member: "x" })],
    later: [{ "serviceAccount.email": U }],
    omitted: [
      ["serviceAccount", "fails"],
      ["serviceAccount.email", "fails"],
    ],
    twins: [
      of(gcpTemplate, {}),
      of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", {
        serviceAccount: { email: "p@appspot.gserviceaccount.com" },
      }),
      of("gcp:folder/iAMMember:IAMMember", { role: "roles/owner" }),
      of("gcp:projects/iAMPolicy:IAMPolicy"),
    ],
  }),
  table(others.gcpLogin, of(gcpInstance, login), {
    passes: [
      { "metadata.serial-port-enable": "false" },
      of("gcp:compute/projectMetadata:ProjectMetadata", { metadata: { "enable-oslogin": "TRUE" } }),
    ],
    fails: [
      { "metadata.block-project-ssh-keys": "false" },
      { "metadata.serial-port-enable": "true" },
      { "metadata.ssh-keys": "x" },
    ],
    unknown: [{ "metadata.block-project-ssh-keys": U }],
    omitted: [
      ["metadata", "fails"],
      ["metadata.serial-port-enable", "passes"],
    ],
    twins: [
      of(gcpTemplate, {}),
      of("gcp:compute/projectMetadataItem:ProjectMetadataItem", { key: "ssh-keys" }),
      of("gcp:compute/projectMetadata:ProjectMetadata", { metadata: { sshKeys: "x" } }),
    ],
  }),
  table(others.azureKeysOnly, of(vm, keysOnly), {
    passes: [of(vmss, { virtualMachineProfile: keysOnly })],
    fails: [
      { "osProfile.linuxConfiguration.disablePasswordAuthentication": false },
      { "osProfile.adminPassword": U },
      { osProfile: {} },
    ],
    unknown: [{ "osProfile.linuxConfiguration.disablePasswordAuthentication": U }],
    omitted: [["osProfile", "fails"]],
    twins: [
      of(vmss, { virtualMachineProfile: {} }),
      of("azure-native:compute/v20240101:VirtualMachine", {}),
      of("azure-native:compute:VirtualMachineScaleSetVM", {}),
    ],
  }),
  table(
    others.azureNoSharedKeys,
    of(account, { allowSharedKeyAccess: false, sasPolicy: { sasExpirationPeriod: "0.01:00:00" } }),
    {
      passes: [
        of("azure-native:authorization:RoleDefinition", {
          permissions: [{ actions: ["Microsoft.Storage/storageAccounts/read"] }],
        }),
      ],
      fails: [
        { allowSharedKeyAccess: true },
        { isLocalUserEnabled: true },
        of("azure-native:authorization:RoleDefinition", { permissions: [{ actions: ["*"] }] }),
        of("azure-native:authorization:RoleAssignment", {
          roleDefinitionId: "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        }),
      ],
      unknown: [{ allowSharedKeyAccess: U }],
      later: [of("azure-native:authorization:RoleAssignment", { roleDefinitionId: U })],
      omitted: [
        ["allowSharedKeyAccess", "fails"],
        ["sasPolicy", "fails"],
      ],
      twins: [of("azure-native:storage:LocalUser"), of("azure-native:storage/v20240101:StorageAccount", {})],
    },
  ),
  table(
    others.noExtensions,
    of(vmss, { virtualMachineProfile: { extensionProfile: { extensions: [{ type: "ApplicationHealthLinux" }] } } }),
    {
      passes: [of(vm, { osProfile: { allowExtensionOperations: false } })],
      fails: [
        { "virtualMachineProfile.extensionProfile.extensions[0].type": "CustomScript" },
        of("azure-native:compute:VirtualMachineExtension"),
        of(vm, { osProfile: { allowExtensionOperations: true } }),
      ],
      unknown: [{ "virtualMachineProfile.extensionProfile.extensions[0].type": U }],
      omitted: [
        ["virtualMachineProfile", "passes"],
        [of(vm, {}), "fails"],
      ],
      twins: [
        of("azure-native:compute:VirtualMachineRunCommandByVirtualMachine"),
        of("aws:ssm/association:Association"),
        of("gcp:osconfig/guestPolicies:GuestPolicies"),
      ],
    },
  ),
];

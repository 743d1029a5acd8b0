import * as aws from "../../../policies/rules/identity/aws.ts";
import * as others from "../../../policies/rules/identity/others.ts";
import { at, type Cases, of, table, U } from "./kit.ts";

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
const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const managed = "arn:aws:iam::aws:policy";
const issuer = "token.actions.githubusercontent.com";
const github = { Federated: `arn:aws:iam::1:oidc-provider/${issuer}` };
const saml = "arn:aws:iam::1:saml-provider/x";
const subject = (sub: string, operator = "StringEquals") => ({ [operator]: { [`${issuer}:sub`]: sub } });
const workloadProvider = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider";
const spotFleet = "aws:ec2/spotFleetRequest:SpotFleetRequest";
const gcpInstance = "gcp:compute/instance:Instance";
const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const keysOnly = { osProfile: { linuxConfiguration: { disablePasswordAuthentication: true } } };
const projectMember = "gcp:projects/iAMMember:IAMMember";
const projectMetadata = "gcp:compute/projectMetadata:ProjectMetadata";
const metadataItem = "gcp:compute/projectMetadataItem:ProjectMetadataItem";
const roleAssignment = "azure-native:authorization:RoleAssignment";
const roleDefinition = "azure-native:authorization:RoleDefinition";
const permits = (action: string) => of(roleDefinition, { permissions: [{ actions: [action] }] });
const account = "azure-native:storage:StorageAccount";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const login = { metadata: { "block-project-ssh-keys": "true" } };

export const identityCases: readonly Cases[] = [
  table(aws.noStars, of(policy, document(put)), {
    passes: [
      document({ Action: ["ec2:DescribeInstances", "cloudwatch:PutMetricData"], Resource: "*" }),
      document({ ...put, Effect: "Deny", Action: "*", Resource: "*" }),
      document({ ...put, Effect: "Deny", NotAction: "s3:PutObject", Resource: "*" }),
      document({ Action: "s3:Put*", Resource: "arn:aws:s3:::audit/*" }),
      document({ Action: "logs:PutLogEvents", Resource: "arn:aws:logs:eu-central-1:1:log-group:nodes:*" }),
      document({ Action: "s3:*Object", Resource: "*.example" }),
      of(role, {}),
      of(role, { inlinePolicies: [document(put)] }),
    ],
    fails: [
      at(document({ ...put, Action: "*" }), "policy.Statement[0]"),
      at(document({ ...put, Action: ["s3:GetObject", "s3:*"] }), "policy.Statement[0]"),
      at(document({ ...put, Action: "s3:**" }), "policy.Statement[0]"),
      at(document({ ...put, Action: "*:*" }), "policy.Statement[0]"),
      at(document({ ...put, Resource: "*" }), "policy.Statement[0]"),
      at(document({ ...put, Resource: ["arn:aws:s3:::audit/*", "**"] }), "policy.Statement[0]"),
      at(document({ Action: ["ec2:DescribeInstances", "s3:PutObject"], Resource: "*" }), "policy.Statement[0]"),
      at(document({ NotAction: "iam:*", Resource: "x" }), "policy.Statement[0]"),
      at(document({ Action: "s3:PutObject", NotResource: "arn:aws:s3:::other/*" }), "policy.Statement[0]"),
      at({ policy: "{" }, "policy"),
      at({ policy: JSON.stringify({ Statement: [{ Effect: "Deny" }, { Action: "*" }] }) }, "policy.Statement[1]"),
    ],
    later: [{ policy: U }],
    omitted: [["policy", "passes"]],
    twins: [
      of(rolePolicy, document({ Action: "*", Resource: "*" })),
      at(
        of(role, { inlinePolicies: [{}, document({ Action: "*", Resource: "x" })] }),
        "inlinePolicies[1].policy.Statement[0]",
      ),
      of("aws:iam/userPolicy:UserPolicy", document({ Action: "*", Resource: "*" })),
      of("aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", {
        inlinePolicy: document({ Action: "*", Resource: "*" }).policy,
      }),
      at(of(policy, { policy: { Statement: { Effect: "Allow", Action: "*", Resource: "x" } } }), "policy.Statement"),
    ],
  }),
  table(aws.noEscalation, of(policy, document(put)), {
    passes: [
      document({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:eu:1:secret:jwks" }),
      document({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:eu:1:secret:jwks-*" }),
      document({ Action: "s3:GetObject", Resource: ["arn:aws:s3:::cache/*", "arn:aws:s3:::roles/role/*"] }),
      document({ Action: "kms:Decrypt", Resource: "*", Condition: { StringEquals: { "kms:ViaService": "s3" } } }),
      document({ Effect: "Deny", Action: "iam:*", Resource: "*" }),
      document({ Action: "ec2:DescribeInstances", Resource: "*" }),
    ],
    fails: [
      at(document({ Action: "iam:PassRole", Resource: "*" }), "policy.Statement[0]"),
      document({ Action: ["s3:Get*"], Resource: "*" }),
      document({ Action: ["s3:PutObject", "s3:GetObject"], Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::*"] }),
      document({ Action: "secretsmanager:*", Resource: ["*"] }),
      document({ Action: "secretsmanager:GetSecretValue", Resource: "arn:aws:secretsmanager:eu-central-1:1:secret:*" }),
      document({ Action: "iam:PassRole", Resource: "arn:aws-cn:iam::111122223333:role/*" }),
      document({ Action: "kms:Decrypt", Resource: "arn:aws:kms:*:*:key/*" }),
      document({ Action: "sts:AssumeRole", Resource: "arn:*" }),
      document({ Action: "ssm:SendCommand" }),
      document({ Action: "IAM:passrol?", Resource: "*" }),
    ],
    later: [{ policy: U }],
    omitted: [["policy", "passes"]],
    twins: [
      of(rolePolicy, document({ Action: "sts:AssumeRole", Resource: "*" })),
      of(role, { inlinePolicies: [document({ Action: "iam:PassRole", Resource: "*" })] }),
    ],
  }),
  table(aws.noAdministrators, of(attachment, { policyArn: `${managed}/CloudWatchAgentServerPolicy` }), {
    passes: [
      of(role, { managedPolicyArns: ["arn:aws:iam::1:policy/logos-node"] }),
      { policyArn: "arn:aws:iam::1:policy/NotAdministratorAccess" },
    ],
    fails: [
      ...["AdministratorAccess", "IAMFullAccess", "PowerUserAccess", "job-function/SystemAdministrator"].map((name) =>
        at({ policyArn: `${managed}/${name}` }, "policyArn"),
      ),
      { policyArn: `${managed}/AdministratorAccess-Amplify` },
    ],
    later: [{ policyArn: U }],
    omitted: [["policyArn", "passes"]],
    twins: [
      at(of(role, { managedPolicyArns: [U, `${managed}/AdministratorAccess`] }), "managedPolicyArns[1]"),
      of(role, { permissionsBoundary: `${managed}/AdministratorAccess` }),
      of("aws:iam/policyAttachment:PolicyAttachment", { policyArn: `${managed}/AdministratorAccess` }),
      of("aws:iam/userPolicyAttachment:UserPolicyAttachment", { policyArn: `${managed}/IAMFullAccess` }),
      of("aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", {
        policyArns: [`${managed}/IAMFullAccess`],
      }),
      of("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", {
        managedPolicyArn: `${managed}/AdministratorAccess`,
      }),
    ],
  }),
  table(aws.rolesBounded, of(role, trust({ Principal: { Service: "ec2.amazonaws.com" } })), {
    passes: [
      trust({ Principal: github, Condition: subject("repo:o/r:environment:prod") }),
      trust({ Principal: github, Condition: subject("repo:o/r:ref:refs/tags/v*", "ForAnyValue:StringLike") }),
      trust({ Principal: github, Condition: { StringEqualsIgnoreCase: { [`${issuer}:SUB`]: ["repo:o/r:x"] } } }),
      trust({
        Principal: github,
        Condition: { ...subject("repo:o/r:x"), StringLike: { "aws:SourceArn": "*", [`${issuer}:subject`]: "*" } },
      }),
      trust({ Principal: { AWS: "arn:aws:iam::9:root" }, Condition: { StringEquals: { "sts:ExternalId": "x" } } }),
      trust({ Principal: { AWS: ["arn:aws:iam::111122223333:role/root-of-all", "arn:aws:iam::1:role/x"] } }),
      trust({ Principal: { Service: "111122223333.example" } }),
      trust({ Principal: { Federated: saml }, Condition: { StringEquals: { "SAML:aud": "x" } } }),
      trust({ Effect: "Deny", Principal: "*" }),
      of(workloadProvider, { attributeCondition: "assertion.repository == 'owner/name'" }),
    ],
    fails: [
      at(trust({ Principal: "*" }), "assumeRolePolicy.Statement[0]"),
      at(trust({ Principal: { AWS: "*" } }), "assumeRolePolicy.Statement[0]"),
      at(trust({ NotPrincipal: { AWS: "arn:aws:iam::9:role/x" } }), "assumeRolePolicy.Statement[0]"),
      at(trust({ Principal: { AWS: "arn:aws:iam::9:root" } }), "assumeRolePolicy.Statement[0]"),
      at(trust({ Principal: { AWS: "111122223333" } }), "assumeRolePolicy.Statement[0]"),
      at(trust({ Principal: { Federated: saml } }), "assumeRolePolicy.Statement[0]"),
      at(trust({ Principal: github }), "assumeRolePolicy.Statement[0]"),
      at(
        trust({ Principal: github, Condition: { StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com" } } }),
        "assumeRolePolicy.Statement[0]",
      ),
      ...["StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringLike"].map((operator) =>
        at(trust({ Principal: github, Condition: subject("repo:o/r:x", operator) }), "assumeRolePolicy.Statement[0]"),
      ),
      ...["repo:*", "*", "repo:owner/*:x", "repo:own*/name:x", "repo:owner/nam?"].map((one) =>
        at(
          trust({ Principal: github, Condition: subject(one, "StringLike") }),
          `assumeRolePolicy.Statement[0].Condition.StringLike.${issuer}:sub`,
        ),
      ),
      { assumeRolePolicy: "{" },
    ],
    later: [{ assumeRolePolicy: U }],
    omitted: [[at(of(workloadProvider, {}), "attributeCondition"), "fails"]],
    twins: [of(workloadProvider, { attributeCondition: "" })],
  }),
  table(aws.noUsers, of(role, {}), {
    passes: [of(role, { inlinePolicies: [{}] })],
    fails: [
      at(of("aws:iam/user:User"), ""),
      of("aws:iam/userPolicy:UserPolicy"),
      at(of(role, { inlinePolicies: [{}, { policy: "{}" }] }), "inlinePolicies[1]"),
    ],
    later: [of(role, { name: U })],
    omitted: [["inlinePolicies", "passes"]],
    twins: [of("aws:iam/group:Group"), of("aws:iam/userLoginProfile:UserLoginProfile")],
  }),
  table(aws.machinesHaveIdentity, of(template, { iamInstanceProfile: { arn: U } }), {
    passes: [
      of(vm, { identity: { type: "UserAssigned" } }),
      of(vmss, { identity: { type: "SystemAssigned, UserAssigned" } }),
      of(spotFleet, { launchSpecifications: [{ iamInstanceProfileArn: "arn" }] }),
    ],
    fails: [
      at({ iamInstanceProfile: {} }, "iamInstanceProfile"),
      at(of(vm, { identity: { type: "None" } }), "identity.type"),
      of(instance, { iamInstanceProfile: "" }),
    ],
    later: [{ iamInstanceProfile: U }, of(vm, { identity: { type: U } })],
    omitted: [
      ["iamInstanceProfile", "fails"],
      [of(vm, {}), "fails"],
    ],
    twins: [
      of(instance, {}),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", {}),
      of(vmss, {}),
      at(
        of(spotFleet, { launchSpecifications: [{ iamInstanceProfile: "x" }, {}] }),
        "launchSpecifications[1].iamInstanceProfile",
      ),
    ],
  }),
  table(others.gcpLeastPrivilege, of(gcpInstance, { serviceAccount: { email: "node@p.iam.gserviceaccount.com" } }), {
    passes: [
      of(projectMember, { role: "roles/logging.logWriter", member: U }),
      of(projectMember, { role: "roles/logging.logWriter", member: "group:allUsers@example.org" }),
      of(projectMember, { role: "roles/logging.logWriter", member: "allUsers.example" }),
      { "serviceAccount.email": "default-node@p.iam.gserviceaccount.com" },
      of("gcp:serviceaccount/iAMMember:IAMMember", { role: "roles/iam.serviceAccountUser", member: "group:x" }),
      ...["DEPRIVILEGE", "DELETE", "DISABLE"].map((action) =>
        of("gcp:projects/defaultServiceAccounts:DefaultServiceAccounts", { action }),
      ),
    ],
    fails: [
      at({ "serviceAccount.email": "1-compute@developer.gserviceaccount.com" }, "serviceAccount.email"),
      { "serviceAccount.email": "default" },
      { "serviceAccount.email": "" },
      at(of(projectMember, { role: "roles/editor", member: U }), "role"),
      at(of(projectMember, { role: "roles/iam.serviceAccountUser", member: U }), "role"),
      at(of(projectMember, { role: "roles/x", member: "allUsers" }), "member"),
      at(
        of("gcp:projects/iAMBinding:IAMBinding", { role: "roles/x", members: ["group:x", "allAuthenticatedUsers"] }),
        "members[1]",
      ),
      at(of("gcp:serviceaccount/key:Key"), ""),
      at(of("gcp:projects/defaultServiceAccounts:DefaultServiceAccounts", { action: "REVERT" }), "action"),
    ],
    unknown: [of(projectMember, { role: U, member: "x" })],
    later: [{ "serviceAccount.email": U }],
    omitted: [
      [at("serviceAccount", "serviceAccount.email"), "fails"],
      ["serviceAccount.email", "fails"],
      [of(projectMember, { member: "group:x" }), "passes"],
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
      ...["false", "FALSE", "N", "No", "0"].map((off) => ({ "metadata.serial-port-enable": off })),
      of(projectMetadata, { metadata: { "enable-oslogin": "TRUE", "serial-port-enable": "0" } }),
      of(metadataItem, { key: "enable-oslogin", value: "TRUE" }),
      of(metadataItem, { key: "serial-port-enable", value: "FALSE" }),
      of(metadataItem, { key: "ssh-keys-note", value: "none" }),
    ],
    fails: [
      at({ "metadata.block-project-ssh-keys": "false" }, "metadata.block-project-ssh-keys"),
      at({ "metadata.serial-port-enable": "true" }, "metadata.serial-port-enable"),
      at({ "metadata.ssh-keys": "x" }, "metadata.ssh-keys"),
    ],
    unknown: [{ "metadata.block-project-ssh-keys": U }],
    omitted: [
      ["metadata", "fails"],
      ["metadata.serial-port-enable", "passes"],
      [of(projectMetadata, {}), "passes"],
      [at(of(metadataItem, { key: "enable-oslogin" }), "value"), "fails"],
      [of(metadataItem, { key: "serial-port-enable" }), "passes"],
    ],
    twins: [
      of(gcpTemplate, {}),
      at(of(metadataItem, { key: "ssh-keys", value: "x" }), "key"),
      at(of(metadataItem, { key: "enable-oslogin", value: "FALSE" }), "value"),
      at(of(metadataItem, { key: "serial-port-enable", value: "1" }), "value"),
      at(of(projectMetadata, { metadata: { sshKeys: "x" } }), "metadata.sshKeys"),
      at(of(projectMetadata, { metadata: { "enable-oslogin": "FALSE" } }), "metadata.enable-oslogin"),
      at(of(projectMetadata, { metadata: { "serial-port-enable": "TRUE" } }), "metadata.serial-port-enable"),
    ],
  }),
  table(others.azureKeysOnly, of(vm, keysOnly), {
    passes: [of(vmss, { virtualMachineProfile: keysOnly })],
    fails: [
      { "osProfile.linuxConfiguration.disablePasswordAuthentication": false },
      at({ "osProfile.adminPassword": U }, "osProfile.adminPassword"),
      at({ osProfile: {} }, "osProfile.linuxConfiguration.disablePasswordAuthentication"),
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
        permits("Microsoft.Storage/storageAccounts/read"),
        permits("*/read"),
        permits("Microsoft.Storage/*/read"),
        permits("Microsoft.Compute/*/extensions/read"),
        permits("Microsoft.Authorization/locks/write"),
        of(roleDefinition, { permissions: [{}] }),
        of(roleAssignment, { roleDefinitionId: "/x/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1" }),
        of(roleAssignment, {}),
      ],
      fails: [
        at({ allowSharedKeyAccess: true }, "allowSharedKeyAccess"),
        at({ isLocalUserEnabled: true }, "isLocalUserEnabled"),
        at(permits("*"), "permissions[0].actions[0]"),
        permits("*/write"),
        permits("*/readonly/action"),
        permits("Microsoft.Compute/*"),
        permits("Microsoft.Authorization/roleAssignments/write"),
        permits("microsoft.authorization/*/Write"),
        at(of(roleDefinition, { permissions: [{ dataActions: ["x/read", "x/*"] }] }), "permissions[0].dataActions[1]"),
        at(of(roleAssignment, { roleDefinitionId: "/x/8E3AF657-A8FF-443C-A75C-2FE8C4BCB635" }), "roleDefinitionId"),
      ],
      unknown: [{ allowSharedKeyAccess: U }],
      later: [of(roleAssignment, { roleDefinitionId: U })],
      omitted: [
        ["allowSharedKeyAccess", "fails"],
        [at("sasPolicy", "sasPolicy.sasExpirationPeriod"), "fails"],
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

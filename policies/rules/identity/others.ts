import { requireFalse, requireOneOf, requireTrue } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { azureMachineTypes, azureProfile, gcpMachineTypes, given, virtualMachine } from "../machines.ts";
import { storageAccount } from "../stores.ts";

const gcpMembers = [
  "gcp:projects/iAMMember:IAMMember",
  "gcp:projects/iAMBinding:IAMBinding",
  "gcp:folder/iAMMember:IAMMember",
  "gcp:folder/iAMBinding:IAMBinding",
  "gcp:organizations/iAMMember:IAMMember",
  "gcp:organizations/iAMBinding:IAMBinding",
  "gcp:serviceaccount/iAMMember:IAMMember",
  "gcp:serviceaccount/iAMBinding:IAMBinding",
] as const;
const wholePolicies = [
  "gcp:projects/iAMPolicy:IAMPolicy",
  "gcp:folder/iAMPolicy:IAMPolicy",
  "gcp:organizations/iAMPolicy:IAMPolicy",
] as const;
const basicRoles = ["roles/owner", "roles/editor", "roles/viewer"];
const impersonating = [
  "roles/iam.serviceAccountUser",
  "roles/iam.serviceAccountTokenCreator",
  "roles/iam.serviceAccountKeyAdmin",
  "roles/iam.securityAdmin",
];

export const gcpLeastPrivilege: Rule = {
  id: "I07",
  name: "gcp-least-privilege",
  title: "No default service account, no full API scope, no keys, no basic roles.",
  family: "identity",
  severity: "critical",
  reason: "The default account is an editor of the project; every machine that uses it is one.",
  remediation:
    'serviceAccount: { email: node.email, scopes: ["cloud-platform"] } of an account with the roles that it needs',
  upstream: [
    "CKV_GCP_30",
    "CKV_GCP_31",
    "CKV_GCP_41",
    "CKV_GCP_42",
    "CKV_GCP_46",
    "CKV_GCP_49",
    "CKV_GCP_117",
    "CKV2_GCP_3",
    "GCP-0004",
    "GCP-0005",
    "GCP-0006",
    "GCP-0007",
    "GCP-0008",
    "GCP-0009",
    "GCP-0010",
    "GCP-0011",
    "GCP-0044",
    "service-account-key",
    "iam-no-broad-roles",
    "CIS-GCP-1.4",
    "CIS-GCP-1.5",
    "CIS-GCP-1.6",
    "CIS-GCP-1.7",
    "CIS-GCP-4.1",
    "CIS-GCP-4.2",
  ],
  checks: {
    ...each(gcpMachineTypes, function* ({ props }) {
      yield* attempt(function* () {
        const email = props.at("serviceAccount", "email");
        // An account of this stack, whose address comes to be in the same update, is never the default one.
        if (email.unknown) return;
        if (!given(email)) yield { at: email, found: "is left out, which means the default account" };
        else if (email.matches(/^default$|-compute@developer\.gserviceaccount\.com|@appspot\.gserviceaccount\.com/i))
          yield { at: email, found: "is the default account" };
      });
    }),
    ...each(gcpMembers, function* ({ type, props }) {
      yield* attempt(function* () {
        const role = props.at("role");
        const text = role.string() ?? "";
        if (basicRoles.includes(text)) yield { at: role, found: `is "${text}", a basic role` };
        if (impersonating.includes(text) && !type.startsWith("gcp:serviceaccount/")) {
          yield { at: role, found: `is "${text}" on more than one account`, expected: "the one service account" };
        }
      });
      for (const member of [...props.items("member"), ...props.items("members")]) {
        yield* attempt(function* () {
          if (member.matches(/^all(Authenticated)?Users$/)) yield { at: member, found: "is everybody" };
        });
      }
    }),
    ...each(wholePolicies, () => [
      { found: "replaces the whole policy of a project, folder or organization", mend: "Use IAMMember." },
    ]),
    "gcp:serviceaccount/key:Key": () => [
      { found: "is a key that lasts", mend: "Use the machine's identity or workload identity." },
    ],
    "gcp:projects/defaultServiceAccounts:DefaultServiceAccounts": ({ props }) =>
      requireOneOf(props.at("action"), ["DEPRIVILEGE", "DELETE", "DISABLE"]),
  },
  knownAtUpdate: ["member", "members"],
};

const projectMetadata = [
  "gcp:compute/projectMetadata:ProjectMetadata",
  "gcp:compute/projectMetadataItem:ProjectMetadataItem",
] as const;

export const gcpLogin: Rule = {
  id: "I08",
  name: "gcp-login",
  title: "The project's SSH keys are blocked, the serial console is off, and no key is put into metadata.",
  family: "identity",
  severity: "high",
  reason: "A key in the project's metadata opens every machine of it, the nodes included.",
  remediation:
    'metadata: { "block-project-ssh-keys": "true", "serial-port-enable": "false", "enable-oslogin": "TRUE" }',
  upstream: [
    "CKV_GCP_32",
    "CKV_GCP_33",
    "CKV_GCP_34",
    "CKV_GCP_35",
    "GCP-0030",
    "GCP-0032",
    "GCP-0036",
    "GCP-0042",
    "compute-engine-instance-uses-os-login",
    "CIS-GCP-4.3",
    "CIS-GCP-4.4",
    "CIS-GCP-4.5",
  ],
  checks: {
    ...each(gcpMachineTypes, function* ({ props }) {
      const metadata = props.at("metadata");
      yield* requireTrue(metadata.at("block-project-ssh-keys"));
      yield* requireSerialOff(metadata.at("serial-port-enable"));
      // OS Login is Google's way in. Here the bastion is, so it may be left out; what may not is a key beside both.
      yield* refuseKeys(metadata);
    }),
    [projectMetadata[0]]: function* ({ props }) {
      const metadata = props.at("metadata");
      yield* refuseKeys(metadata);
      yield* requireTrue(metadata.at("enable-oslogin"), true);
      yield* requireSerialOff(metadata.at("serial-port-enable"));
    },
    [projectMetadata[1]]: function* ({ props }) {
      yield* attempt(function* () {
        const key = props.string("key") ?? "";
        if (keyEntries.includes(key)) yield { at: "key", found: `is "${key}"` };
        if (key === "enable-oslogin") yield* requireTrue(props.at("value"));
        if (key === "serial-port-enable") yield* requireSerialOff(props.at("value"));
      });
    },
  },
};

/** Entries of metadata that hold keys; the second is what the first was called once, and still works. */
const keyEntries = ["ssh-keys", "sshKeys"];

/** The console is off when left out; on is any of `TRUE`, `Y`, `1`. */
function requireSerialOff(view: View): Iterable<Outcome> {
  return requireOneOf(view, ["false", "n", "no", "0"], "false");
}

function* refuseKeys(metadata: View): Generator<Outcome> {
  for (const key of keyEntries) {
    yield* attempt(function* () {
      if (given(metadata.at(key))) yield { at: metadata.at(key), found: "puts keys into metadata" };
    });
  }
}

export const azureKeysOnly: Rule = {
  id: "I09",
  name: "azure-keys-only",
  title: "Linux machines take SSH keys and no password.",
  family: "identity",
  severity: "critical",
  reason: "Passwords are guessed, and stand in the state.",
  remediation: "osProfile: { linuxConfiguration: { disablePasswordAuthentication: true, ssh: { publicKeys: [key] } } }",
  upstream: [
    "CKV_AZURE_1",
    "CKV_AZURE_49",
    "CKV_AZURE_149",
    "CKV_AZURE_178",
    "AZU-0039",
    "azurenative-compute-virtualmachine-disallow-password-authentication",
  ],
  checks: each(azureMachineTypes, function* (subject) {
    const os = azureProfile(subject).at("osProfile");
    yield* requireTrue(os.at("linuxConfiguration", "disablePasswordAuthentication"));
    yield* attempt(function* () {
      if (given(os.at("adminPassword"))) yield { at: os.at("adminPassword"), found: "is given" };
    });
  }),
};

export const azureNoSharedKeys: Rule = {
  id: "I10",
  name: "azure-no-shared-keys",
  title: "Storage has no shared keys or local users, shared signatures end, and nobody is made an owner.",
  family: "identity",
  severity: "high",
  reason: "A shared key is one secret for all of the account, and nobody can be told apart by it.",
  remediation:
    'allowSharedKeyAccess: false, isLocalUserEnabled: false, sasPolicy: { expirationAction: "Block", sasExpirationPeriod: "0.01:00:00" }',
  upstream: [
    "CKV2_AZURE_40",
    "CKV2_AZURE_41",
    "CKV_AZURE_39",
    "CKV_AZURE_244",
    "AZU-0030",
    "AZU-0052",
    "aad-role-assignments",
    "CIS-AZ-10.3.1.3",
  ],
  checks: {
    [storageAccount]: function* ({ props }) {
      yield* requireFalse(props.at("allowSharedKeyAccess"), true);
      yield* requireFalse(props.at("isLocalUserEnabled"));
      yield* attempt(function* () {
        const period = props.at("sasPolicy", "sasExpirationPeriod");
        if (!given(period)) yield { at: period, found: "is left out, so signatures never end" };
      });
    },
    "azure-native:storage:LocalUser": () => [{ found: "is a user of the store alone" }],
    "azure-native:authorization:RoleDefinition": function* ({ props }) {
      for (const permission of props.items("permissions")) {
        for (const action of [...permission.items("actions"), ...permission.items("dataActions")]) {
          yield* attempt(function* () {
            // To read everything is what monitoring does.
            if (action.matches(/^\*(?!\/read$)|\/\*$|^Microsoft\.Authorization\/(\*|role\w+)\/write$/i))
              yield { at: action, found: `allows "${action.string()}"`, expected: "actions by name" };
          });
        }
      }
    },
    "azure-native:authorization:RoleAssignment": function* ({ props }) {
      yield* attempt(function* () {
        const definition = props.at("roleDefinitionId");
        const wide = Object.entries(broadRoles).find(([id]) => definition.string()?.toLowerCase().endsWith(id));
        if (wide !== undefined) yield { at: definition, found: `makes somebody ${wide[1]}` };
      });
    },
  },
  // A definition of this stack; those that are broad are Azure's own and known.
  knownAtUpdate: ["roleDefinitionId"],
};

/** Ids of Azure's built-in roles that are too broad for anything here. */
const broadRoles = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
} as const;

export const noExtensions: Rule = {
  id: "I12",
  name: "no-extensions",
  title: "No machine is managed from the side: no extensions, run commands, agents or associations.",
  family: "identity",
  severity: "high",
  reason: "An extension runs as root what no review saw, whenever somebody in the portal says so.",
  remediation: "Put it into images/files and bake it.",
  upstream: ["CKV_AZURE_50", "ssm-managed-instance-compliance", "SSM.1"],
  checks: {
    ...each(
      [
        "azure-native:compute:VirtualMachineExtension",
        "azure-native:compute:VirtualMachineScaleSetExtension",
        "azure-native:compute:VirtualMachineScaleSetVMExtension",
        "azure-native:compute:VirtualMachineRunCommandByVirtualMachine",
        "azure-native:compute:VirtualMachineScaleSetVMRunCommand",
        "azure-native:automanage:ConfigurationProfileAssignment",
        "aws:ssm/association:Association",
        "gcp:osconfig/guestPolicies:GuestPolicies",
        "gcp:osconfig/osPolicyAssignment:OsPolicyAssignment",
      ],
      () => [{ found: "runs text on machines from the side" }],
    ),
    "azure-native:compute:VirtualMachineScaleSet": function* ({ props }) {
      yield* attempt(function* () {
        for (const one of props.at("virtualMachineProfile", "extensionProfile").items("extensions")) {
          // The health extension answers the platform's probe and runs no text of its own.
          const type = one.string("type") ?? "";
          if (type !== "ApplicationHealthLinux") yield { at: one, found: `has the extension "${type}"` };
        }
      });
    },
    [virtualMachine]: ({ props }) => requireFalse(props.at("osProfile", "allowExtensionOperations"), true),
  },
};

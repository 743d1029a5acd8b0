import { findSecrets } from "../../../core/guard/secrets.ts";
import { commandsIn } from "../../../core/guard/shell.ts";
import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { awsMachineTypes, azureMachineTypes, gcpMachineTypes, given } from "../machines.ts";

/** Properties whose text ends up where others read it: user data, metadata, tags, scripts, outputs. */
const readable = [
  "userData",
  "userDataBase64",
  "customData",
  "metadata",
  "metadataStartupScript",
  "osProfile",
  "virtualMachineProfile",
  "launchSpecifications",
  "tags",
  "labels",
  "tagSpecifications",
  "description",
  "environment",
  "triggers",
  "create",
  "update",
  "delete",
  "content",
  "settings",
  "source",
] as const;

/** Below these, what looks like a secret is one that the cloud keeps as such, or is public. */
const elsewhere = /(^|\.)(protectedSettings|adminPassword|publicKeys|ssh)(\.|\[|$)/;

/** Types whose whole text is meant to be secret. */
const keepers = [
  "aws:secretsmanager/secretVersion:SecretVersion",
  "gcp:secretmanager/secretVersion:SecretVersion",
  "azure-native:keyvault:Secret",
];

export const noSecretsInText: Rule = {
  id: "Q11",
  name: "no-secrets-in-text",
  title: "No secret stands in user data, metadata, commands, triggers, tags or copied text, encoded or not.",
  family: "credentials",
  severity: "critical",
  reason: "Whoever may describe a machine reads its user data.",
  remediation: "Hand it over by LoadCredential= from the cloud's secret manager, or by RemoteHost's secretInput.",
  upstream: ["CKV_AWS_46", "CKV_AZURE_45", "AWS-0029", "AWS-0129", "AZU-0037", "hardcoded-secrets"],
  waivable: false,
  every: function* ({ type, props }) {
    if (keepers.includes(type) || type.startsWith("pulumi:")) return;
    for (const key of readable) {
      for (const text of props.at(key).texts()) {
        if (elsewhere.test(text.path)) continue;
        yield* attempt(function* () {
          const kinds = findSecrets(text.string() ?? "");
          if (kinds.length > 0) yield { at: text, found: `holds what looks like: ${kinds.join(", ")}` };
        });
      }
    }
  },
  // What is made in the same update is searched then, before the machine is made.
  knownAtUpdate: [...readable],
};

export const userDataPlain: Rule = {
  id: "I11",
  name: "user-data-plain",
  title: "User data runs no code from the network and opens nothing by a cloud's CLI.",
  family: "credentials",
  severity: "critical",
  reason: "What a URL answers at boot is unaudited code that runs as root.",
  remediation: "Bake it into the image.",
  upstream: ["CKV_AWS_46", "CKV_AZURE_45", "AWS-0029"],
  checks: {
    ...each([...awsMachineTypes, ...gcpMachineTypes, ...azureMachineTypes], function* (subject) {
      for (const text of scripts(subject)) yield* attempt(() => checkScript(text));
    }),
  },
  knownAtUpdate: [
    "userData",
    "userDataBase64",
    "metadata",
    "metadataStartupScript",
    "osProfile",
    "virtualMachineProfile",
  ],
};

function* scripts({ props }: Subject): Generator<View> {
  for (const key of ["userData", "userDataBase64", "metadataStartupScript"]) yield* props.at(key).texts();
  for (const key of ["user-data", "startup-script", "startup-script-url"]) yield* props.at("metadata", key).texts();
  yield* props.at("osProfile", "customData").texts();
  yield* props.at("virtualMachineProfile", "osProfile", "customData").texts();
  yield* props.at("virtualMachineProfile", "userData").texts();
  for (const one of props.items("launchSpecifications")) yield* one.at("userData").texts();
}

function* checkScript(text: View): Generator<Outcome> {
  const given = text.string() ?? "";
  if (/startup-script-url$/.test(text.path)) yield { at: text, found: "runs what a URL answers" };
  const plain = decoded(given);
  // cloud-config is YAML, whose lists of commands read as words; a script reads as one.
  for (const [name = "", ...rest] of commandsIn(plain).commands) {
    const program = name.slice(name.lastIndexOf("/") + 1);
    if ((program === "curl" || program === "wget") && runsInput.test(plain))
      yield { at: text, found: `fetches by ${program} what it may run` };
    const opening = openingCall([program, ...rest]);
    if (opening !== undefined) yield { at: text, found: `opens something by "${opening}"` };
    if (program === "npm" && rest.some((word) => word === "-g" || word === "--global"))
      yield { at: text, found: "installs an npm package for all" };
  }
}

/** A shell, or another interpreter without a program of its own, at the end of a pipe: it runs what comes. */
const runsInput = /\|\s*(?:sudo\s+)?(?:(?:ba|da|z|k)?sh\b|(?:python3?|node|perl|ruby)\s*(?:-\s*)?(?:$|[;&|)"'\n]))/m;

/** User data as text, through one layer of base64. */
function decoded(text: string): string {
  if (!/^[A-Za-z0-9+/\s]{16,}={0,2}\s*$/.test(text)) return text;
  const plain = Buffer.from(text, "base64").toString("utf8");
  return plain.includes("\ufffd") ? text : plain;
}

const openers: readonly (readonly [program: string, pattern: RegExp])[] = [
  [
    "aws",
    /\b(authorize-security-group-(in|e)gress|create-network-acl-entry|replace-network-acl-entry|modify-instance-metadata-options|associate-address|modify-subnet-attribute|put-bucket-(acl|policy)|put-public-access-block|delete-public-access-block|modify-image-attribute|modify-snapshot-attribute|create-route|disable-ebs-encryption-by-default|attach-role-policy|put-role-policy|create-access-key)\b/,
  ],
  [
    "gcloud",
    /\b(firewall-rules (create|update)|add-access-config|add-iam-policy-binding|add-metadata|keys create|routes create|buckets (update|add-iam-policy-binding))\b/,
  ],
  ["gsutil", /\b(acl|iam|defacl)\b/],
  [
    "az",
    /\b(nsg rule (create|update)|public-ip create|role assignment create|storage account (update|keys)|storage container set-permission|vm (open-port|extension|run-command)|keyvault (update|set-policy))\b/,
  ],
  ["iptables", /\b(-F|--flush|-P INPUT ACCEPT|-A INPUT .*-j ACCEPT|-I INPUT .*-j ACCEPT)\b|-F$/],
  ["nft", /\b(flush|delete|add rule)\b/],
  ["ufw", /\b(allow|disable)\b/],
];

/** The words of a command that opens something past the declared firewall, if it is one. */
export function openingCall([program = "", ...rest]: readonly string[]): string | undefined {
  const words = rest.join(" ");
  const name = program.slice(program.lastIndexOf("/") + 1);
  const opens = openers.some(([opener, pattern]) => opener === name && pattern.test(words));
  return opens ? `${name} ${words}`.slice(0, 80) : undefined;
}

/** Secrets as arguments of a provider: whoever reads the state or the settings has the account. */
const providerKeys = [
  "accessKey",
  "secretKey",
  "token",
  "credentials",
  "accessToken",
  "clientSecret",
  "clientCertificatePassword",
  "oidcToken",
  "sasToken",
] as const;

export const noStaticCredentials: Rule = {
  id: "Q14",
  name: "no-static-credentials",
  title: "No access keys, service account keys, shared signatures or users are made, and providers are given none.",
  family: "credentials",
  severity: "critical",
  reason: "A key that lasts is the one that leaks.",
  remediation: "Use the machine's identity, or the operator's own short session from the environment.",
  upstream: [],
  checks: {
    ...each(
      [
        "aws:iam/accessKey:AccessKey",
        "aws:iam/user:User",
        "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
        "aws:iam/sshKey:SshKey",
        "gcp:serviceaccount/key:Key",
        "gcp:storage/hmacKey:HmacKey",
        "azure-native:storage:LocalUser",
      ],
      () => [{ found: "is a credential that lasts" }],
    ),
    ...each(
      ["pulumi:providers:aws", "pulumi:providers:aws-native", "pulumi:providers:gcp", "pulumi:providers:azure-native"],
      function* ({ props }) {
        for (const key of providerKeys) {
          yield* attempt(function* () {
            if (given(props.at(key))) yield { at: key, found: "is given to the provider" };
          });
        }
      },
    ),
  },
};

const writers = /PutObject|DeleteObject|s3:\*|^\*$/;

export const cacheTrust: Rule = {
  id: "Q15",
  name: "cache-one-writer",
  title: "Only the publisher writes the cache; nodes read it.",
  family: "credentials",
  severity: "critical",
  reason: "A node that can write the cache can hand its proofs to every other node.",
  remediation: "Give s3:GetObject on the cache to nodes, and s3:PutObject to the publisher alone.",
  upstream: [],
  checks: {
    ...each(["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"], function* (subject) {
      yield* attempt(function* () {
        if (/publisher|cache-writer/i.test(subject.name)) return;
        for (const statement of subject.props.json("policy")?.items("Statement") ?? []) {
          const actions = statement.items("Action").map((one) => one.string() ?? "");
          const resources = statement.items("Resource").map((one) => one.string() ?? "");
          const writes = actions.some((action) => writers.test(action));
          if (writes && statement.string("Effect") !== "Deny" && resources.some((one) => /cache/i.test(one))) {
            yield { at: "policy", found: "lets somebody else than the publisher write the cache" };
          }
        }
      });
    }),
    ...each(
      ["gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:storage/bucketIAMBinding:BucketIAMBinding"],
      function* ({ name, props }) {
        yield* attempt(function* () {
          const role = props.string("role") ?? "";
          if (
            !/object(Admin|Creator|User)$|storage\.admin$|legacyBucket(Owner|Writer)$/.test(role) ||
            /publisher|cache-writer/i.test(name)
          )
            return;
          const bucket = props.at("bucket");
          const isCache = /cache/i.test(bucket.unknown ? name : `${name} ${bucket.string() ?? ""}`);
          if (isCache) yield { at: "role", found: `lets somebody else than the publisher write the cache ("${role}")` };
        });
      },
    ),
  },
  knownAtUpdate: ["policy"],
};

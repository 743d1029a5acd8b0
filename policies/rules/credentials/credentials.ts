import { findSecrets } from "../../../core/guard/secrets.ts";
import { attempt, each, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { matches, statementsOf } from "../documents.ts";
import { given } from "../machines.ts";

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
    if (keepers.includes(type)) return;
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
            if (given(props.at(key))) yield { at: props.at(key), found: "is given to the provider" };
          });
        }
      },
    ),
  },
};

/** Who may write the cache, by the name of what gives the right. */
const publisher = /publisher|cache-writer/i;
const named = /cache/i;
/** A bucket by wildcards takes in the cache too. */
const cacheArn = /^\*|^arn:[^:]*:s3:::([^/]*cache|[^/]*[*?])/i;

/** Ids of Azure's built-in roles that write blobs. */
const blobWriters = ["ba92f5b4-2d11-453d-a403-e96b0029c9fe", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"];

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
    ...each(["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"], function* ({ name, props }) {
      if (publisher.test(name)) return;
      yield* attempt(function* () {
        for (const { at, allow, actions, resources } of statementsOf(props.at("policy")) ?? []) {
          const writes = actions.some((one) => matches(one, "s3:PutObject") || matches(one, "s3:DeleteObject"));
          if (allow && writes && resources.some((one) => cacheArn.test(one)))
            yield { at, found: "lets somebody else than the publisher write the cache" };
        }
      });
    }),
    ...each(
      ["gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:storage/bucketIAMBinding:BucketIAMBinding"],
      function* ({ name, props }) {
        if (publisher.test(name) || !isOfCache(name, props.at("bucket"))) return;
        yield* attempt(function* () {
          const role = props.at("role");
          // Of roles of one's own nobody can tell here what they hold.
          if (!role.matches(/\.(objectViewer|legacyObjectReader|legacyBucketReader)$/))
            yield { at: role, found: `lets somebody else than the publisher write the cache ("${role.string()}")` };
        });
      },
    ),
    "azure-native:authorization:RoleAssignment": function* ({ name, props }) {
      if (publisher.test(name) || !isOfCache(name, props.at("scope"))) return;
      yield* attempt(function* () {
        const role = props.at("roleDefinitionId");
        if (blobWriters.some((id) => role.string()?.toLowerCase().endsWith(id)))
          yield { at: role, found: "lets somebody else than the publisher write the cache" };
      });
    },
  },
  knownAtUpdate: ["policy", "roleDefinitionId"],
};

/** By the name of the store or of the right itself, as the store's is often not known yet. */
function isOfCache(name: string, store: View): boolean {
  return named.test(name) || (!store.unknown && store.matches(named));
}

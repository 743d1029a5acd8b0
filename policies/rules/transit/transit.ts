import { requireFalse, requireOneOf, requirePresent, requireTrue } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { type Statement, statementsOf } from "../documents.ts";
import { given, pointingAt } from "../machines.ts";
import { bucketPolicies, s3Buckets, storageAccount } from "../stores.ts";

export const bucketsTls: Rule = {
  id: "T01",
  name: "buckets-tls-only",
  title: "Each S3 bucket's policy denies what does not come by TLS.",
  family: "transit",
  severity: "high",
  reason: "S3 answers plain HTTP too.",
  remediation:
    '{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [bucket.arn, all], Condition: { Bool: { "aws:SecureTransport": "false" } } }',
  upstream: ["CKV_AWS_379", "s3-bucket-ssl-enforcement-required", "S3.5", "CIS-AWS-3.1.1"],
  checks: each(bucketPolicies, function* ({ props }) {
    yield* attempt(function* () {
      const policy = props.at("policy");
      if (statementsOf(policy)?.some(deniesPlainText) !== true)
        yield { at: policy, found: 'does not deny all requests whose "aws:SecureTransport" is false' };
    });
  }),
  stack: function* (resource, stack) {
    if (!s3Buckets.some((type) => type === resource.type)) return;
    if (pointingAt(stack, resource, bucketPolicies, "bucket").length === 0)
      yield { found: "has no policy that asks for TLS" };
  },
  // The policy names the bucket's own ARN.
  knownAtUpdate: ["policy"],
};

/** Denies everybody everything that does not come by TLS, of the bucket and of its objects: another condition would let some of it pass. */
function deniesPlainText({ at, allow, principals, actions, resources }: Statement): boolean {
  const condition = at.at("Condition");
  const isSecure = condition.at("Bool", "aws:SecureTransport");
  return (
    !allow &&
    principals.includes("*") &&
    actions.some((action) => /^(s3:)?\*$/i.test(action)) &&
    [/^[^/]+$/, /^[^/]*\/?\*$/].every((wanted) => resources.some((resource) => wanted.test(resource))) &&
    [condition, condition.at("Bool")].every((one) => one.keys().length === 1) &&
    (isSecure.text() ?? isSecure.text(0)) === "false"
  );
}

export const storageTls: Rule = {
  id: "T02",
  name: "storage-tls-only",
  title: "Storage accounts take HTTPS only, TLS 1.2 or later.",
  family: "transit",
  severity: "high",
  reason: "Older versions can be read by whoever stands between.",
  remediation: 'enableHttpsTrafficOnly: true, minimumTlsVersion: "TLS1_2"',
  upstream: [
    "CKV_AZURE_3",
    "CKV_AZURE_44",
    "AZU-0008",
    "AZU-0011",
    "AZU-0059",
    "storage-account-secure-transfer",
    "CIS-AZ-10.3.4",
    "CIS-AZ-10.3.7",
  ],
  checks: {
    [storageAccount]: function* ({ props }) {
      yield* requireTrue(props.at("enableHttpsTrafficOnly"), true);
      yield* requireOneOf(props.at("minimumTlsVersion"), ["TLS1_2", "TLS1_3"], "TLS1_0");
    },
  },
};

export const sessionsEncrypted: Rule = {
  id: "T03",
  name: "sessions-encrypted",
  title: "Session documents encrypt and log, and no document is public.",
  family: "transit",
  severity: "medium",
  reason: "A session is a shell on a node; the bastion is where it is logged.",
  remediation: "Take the document out and log in through the bastion.",
  upstream: ["CKV_AWS_112", "CKV_AWS_113", "CKV_AWS_303", "SSM.4"],
  checks: {
    "aws:ssm/document:Document": function* ({ props }) {
      yield* attempt(function* () {
        for (const one of props.at("permissions").texts())
          if (one.matches(/all/i)) yield { at: one, found: "makes the document public" };
      });
      yield* attempt(function* () {
        if (props.string("documentType") !== "Session") return;
        const content = props.json("content");
        if (content === undefined) yield { at: "content", found: "is no JSON" };
        else yield* checkSession(content.at("inputs"));
      });
    },
  },
};

function* checkSession(inputs: View): Generator<Outcome> {
  for (const key of ["s3EncryptionEnabled", "cloudWatchEncryptionEnabled"]) yield* requireTrue(inputs.at(key));
  yield* requirePresent(inputs.at("kmsKeyId"), "a key");
  if (![inputs.at("s3BucketName"), inputs.at("cloudWatchLogGroupName")].some(given))
    yield { at: inputs, found: "names neither a bucket nor a log group, so that nothing is logged" };
}

export const modernTls: Rule = {
  id: "T04",
  name: "modern-tls",
  title: "TLS policies of load balancers ask for TLS 1.2 and a modern profile.",
  family: "transit",
  severity: "medium",
  reason: "Older versions can be read by whoever stands between.",
  remediation: 'profile: "RESTRICTED", minTlsVersion: "TLS_1_2"',
  upstream: ["CKV_GCP_4", "GCP-0039", "CIS-GCP-3.9"],
  checks: each(
    ["gcp:compute/sSLPolicy:SSLPolicy", "gcp:compute/regionSslPolicy:RegionSslPolicy"],
    function* ({ props }) {
      yield* requireOneOf(props.at("minTlsVersion"), ["TLS_1_2", "TLS_1_3"], "TLS_1_0");
      yield* requireOneOf(props.at("profile"), ["MODERN", "RESTRICTED", "FIPS_202205"], "COMPATIBLE");
    },
  ),
};

/** A store of nodes that they do not write by a share that anybody could mount. */
export const noLegacyShares: Rule = {
  id: "X03",
  name: "no-legacy-shares",
  title: "Storage accounts offer neither NFS nor SFTP, nor cross-tenant copies.",
  family: "transit",
  severity: "medium",
  reason: "Neither asks for the identity of who reads.",
  remediation: "enableNfsV3: false, isSftpEnabled: false, allowCrossTenantReplication: false",
  upstream: [],
  checks: {
    [storageAccount]: function* ({ props }) {
      for (const key of ["enableNfsV3", "isSftpEnabled", "allowCrossTenantReplication"])
        yield* requireFalse(props.at(key));
    },
  },
};

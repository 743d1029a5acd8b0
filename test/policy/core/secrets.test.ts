import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { entropy, findSecrets, redact } from "../../../core/guard/secrets.ts";

/** Put together here, so that no scanner of repositories takes them for real ones. */
const secrets: readonly (readonly [kind: string, text: string])[] = [
  ["AWS access key", `export AWS_ACCESS_KEY_ID=${"AKIA"}IOSFODNN7EXAMPLE`],
  ["AWS secret key", `aws_secret_access_key = ${"wJalrXUtnFEMI/K7MDENG"}/bPxRfiCYEXAMPLEKEY`],
  ["GitHub token", `git clone https://${"ghp_"}${"a1B2".repeat(9)}@github.com/x/y`],
  ["GitHub token", `${"github_pat_"}${"a1B2".repeat(9)}`],
  ["Google API key", `key ${"AIza"}${"SyA1b".repeat(7)}`],
  ["Google service account key", `{"private_key_id": "${"0a".repeat(20)}"}`],
  ["private key", `${"-----BEGIN OPENSSH"} PRIVATE KEY-----\nabc`],
  ["private key", `${"-----BEGIN"} PRIVATE KEY-----`],
  ["private key", `${"-----BEGIN PGP"} PRIVATE KEY BLOCK-----`],
  ["Azure storage key", `DefaultEndpointsProtocol=https;AccountKey=${"aB3/".repeat(20)}==`],
  ["Azure shared access signature", `https://x.blob.core.windows.net/c?sv=1&sig=${"aB3%".repeat(12)}`],
  ["Slack token", `${"xoxb-"}123456789012-abcdefGHIJ`],
  [
    "JSON web token",
    `Bearer ${"eyJhbGciOi"}JIUzI1NiJ9.${"eyJzdWIiOi"}IxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P`,
  ],
  ["JSON web key", `{"keys":[{"kty":"oct","k":"${"aB3_".repeat(11)}"}]}`],
  ["password in a URL", "postgres://user:hunter2@db/x"],
  ["password", 'password: "hunter2-hunter2"'],
  ["password", "PASSWORD=hunter2hunter2"],
  ["password", "mysql --password hunter2hunter2"],
  ["password", 'api_key = "0123456789abc"'],
  ["random text as long as a key", "q8Zr2LwX0vTn5YbK7uPdE3sHj9Gf1AcM"],
];

describe("secrets in text", () => {
  it.each(secrets)("%s: %s", (kind, text) => {
    expect(findSecrets(text)).toContain(kind);
  });

  it.each(secrets)("are found in base64, in gzip, and in both twice over (%s)", (kind, text) => {
    const padded = `#cloud-config\n# ${"padding ".repeat(4)}\n${text}\n`;
    const base64 = Buffer.from(padded).toString("base64");
    const zipped = gzipSync(padded).toString("base64");
    const twice = gzipSync(`wrapped: ${zipped}\n`).toString("base64");
    for (const encoded of [base64, `data: ${base64}`, zipped, twice]) expect(findSecrets(encoded)).toContain(kind);
  });

  it.each([
    "",
    "#!/bin/sh\nset -eu\nsystemctl start slurmd.service\n",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq8Zr2LwX0vTn5YbK7uPdE3sHj9Gf1AcMq8Zr2LwX0v operator",
    "SHA256:q8Zr2LwX0vTn5YbK7uPdE3sHj9Gf1AcMq8Zr2LwX0vT",
    "ab".repeat(32),
    "sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "LoadCredential=slurm.jwks:/run/credstore/slurm.jwks",
    "PasswordAuthentication no",
    'password: "$PASSWORD"',
    "password: <secret>",
    "token: ${TOKEN}",
    "secretName: slurm-jwks",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:slurm-jwks",
    "arn:aws:iam::123456789012:instance-profile/logos-node",
    "projects/logos/secrets/slurm-jwks/versions/latest",
    "/usr/lib/systemd/system/multi-user.target.wants",
    "ami-0123456789abcdef0",
    "logos-proof-gated-2026-11-25",
    "the quick brown fox jumps over the lazy dog and does not stop",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A1b2C3d4\n-----END PUBLIC KEY-----",
  ])("are not found in %o", (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  it("are looked for only so deep and so long, and beyond that the text is refused", () => {
    const inner = Array.from({ length: 6 }).reduce<string>(
      (text) => Buffer.from(`text ${text}`).toString("base64"),
      "a plain text, nothing more",
    );
    expect(findSecrets(inner)).toEqual(["text too large or too deeply encoded to be searched"]);
    expect(findSecrets("a ".repeat(2_200_000))).toEqual(["text too large or too deeply encoded to be searched"]);
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024, "a ")).toString("base64");
    expect(findSecrets(bomb)).not.toEqual([]);
  });

  it("are never repeated", () => {
    for (const [, text] of secrets) expect(redact(text)).toBe("[redacted]");
    expect(redact("10.0.0.0/8")).toBe("10.0.0.0/8");
    expect(redact("x".repeat(90))).toBe(`${"x".repeat(80)}…`);
    expect(redact("x".repeat(80))).toBe("x".repeat(80));
    expect(redact("a b c", 3)).toBe("a b…");
  });

  it("show by their entropy", () => {
    expect(entropy("")).toBe(0);
    expect(entropy("aaaa")).toBe(0);
    expect(entropy("abab")).toBe(1);
    expect(entropy("abcd")).toBe(2);
  });
});

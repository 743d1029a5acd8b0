import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseMachineRecord } from "../../../agent/machine.ts";
import { filesFolder } from "../../../images/files.ts";

const script = join(filesFolder, "aws/usr/lib/logos/fetch-credentials");

/** A simulated metadata service and Secrets Manager behind one port: for these tests alone. */
let server: Server;
let port: number;
let store: string;
let refusals: number;
let asked: { method: string | undefined; url: string | undefined; headers: IncomingMessage["headers"]; body: string }[];

const secret = { "logos.ssh-host-key": "canary\nkey\n", "slurm.jwks": '{"keys":[]}' };

beforeEach(async () => {
  store = mkdtempSync(join(tmpdir(), "logos-credstore-"));
  refusals = 0;
  asked = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body });
      const [status, text] = answer(request, body);
      response.writeHead(status).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  port = address.port;
});
afterEach(async () => {
  rmSync(store, { recursive: true, force: true });
  await new Promise((resolve) => server.close(resolve));
});

function answer({ method, url, headers }: IncomingMessage, body: string): [number, string] {
  if (url === "/latest/api/token") return method === "PUT" ? [200, "metadata-token"] : [405, ""];
  if (url?.startsWith("/latest/meta-data/")) {
    if (headers["x-aws-ec2-metadata-token"] !== "metadata-token") return [401, ""];
    const answers: Readonly<Record<string, string>> = {
      "iam/security-credentials/": "logos-dev-node",
      "iam/security-credentials/logos-dev-node": JSON.stringify({
        AccessKeyId: "ASIATEST",
        SecretAccessKey: "canary/secret+key",
        Token: "canary-session==",
      }),
      "instance-id": "i-0123456789abcdef0",
      "local-ipv4": "10.83.0.130",
    };
    const found = answers[url.slice("/latest/meta-data/".length)];
    return found === undefined ? [404, ""] : [200, found];
  }
  if (method !== "POST" || url !== "/") return [404, ""];
  if (refusals-- > 0) return [400, '{"__type":"AccessDeniedException"}'];
  const { SecretId } = JSON.parse(body);
  return SecretId === "logos/dev/node" ? [200, JSON.stringify({ SecretString: JSON.stringify(secret) })] : [400, "{}"];
}

function fetchCredentials(more: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; text: string }> {
  const child = spawn("sh", [script], {
    env: {
      PATH: process.env.PATH,
      LOGOS_METADATA: `http://127.0.0.1:${port}`,
      LOGOS_SECRETS: `http://127.0.0.1:${port}`,
      LOGOS_CREDSTORE: store,
      LOGOS_PATIENCE: "10",
      LOGOS_REGION: "eu-central-1",
      LOGOS_SECRET: "logos/dev/node",
      LOGOS_ROLE: "node",
      LOGOS_BASTION: "10.83.0.4",
      LOGOS_CONTROL: "10.83.0.20",
      LOGOS_OPERATORS: "203.0.113.0/29,198.51.100.7/32",
      LOGOS_IMAGE: "ab".repeat(32),
      ...more,
    },
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}

describe("fetch-credentials on AWS", () => {
  it("writes each value byte by byte, readable by its owner alone", async () => {
    const { code, text } = await fetchCredentials();
    expect(text).toBe("fetch-credentials: n-0123456789abcdef0 is i-0123456789abcdef0 at 10.83.0.130\n");
    expect(code).toBe(0);
    for (const [name, value] of Object.entries(secret)) {
      expect(readFileSync(join(store, name), "utf8")).toBe(value);
      expect(statSync(join(store, name)).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(store).toSorted()).toEqual(["logos.machine", "logos.ssh-host-key", "slurm.jwks"]);
  });

  it("writes a record that the agent takes", async () => {
    await fetchCredentials();
    const record = parseMachineRecord(readFileSync(join(store, "logos.machine"), "utf8"), "record");
    expect(record).toMatchObject({
      name: "n-0123456789abcdef0",
      group: "node",
      instanceId: "i-0123456789abcdef0",
      address: "10.83.0.130",
      operatorRanges: ["203.0.113.0/29", "198.51.100.7/32"],
      imageDigest: "ab".repeat(32),
    });
  });

  it("signs its request with the role's session, for this service and region", async () => {
    await fetchCredentials();
    const request = asked.at(-3);
    expect(request?.headers["x-amz-target"]).toBe("secretsmanager.GetSecretValue");
    expect(request?.headers["x-amz-security-token"]).toBe("canary-session==");
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIATEST\/\d{8}\/eu-central-1\/secretsmanager\/aws4_request,/,
    );
    expect(request?.headers.authorization).toMatch(/SignedHeaders=[a-z0-9;-]*x-amz-security-token/);
  });

  it("tries again while its identity is not known everywhere", async () => {
    refusals = 1;
    expect((await fetchCredentials()).code).toBe(0);
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  it("leaves nothing and says what it misses when it is refused to the end, without a word of a secret", async () => {
    const { code, text } = await fetchCredentials({ LOGOS_SECRET: "logos/dev/control", LOGOS_PATIENCE: "1" });
    expect(code).toBe(1);
    expect(text).toContain("the secret logos/dev/control cannot be read after 1 s");
    expect(text).not.toContain("canary");
    expect(readdirSync(store)).toEqual([]);
  });
});

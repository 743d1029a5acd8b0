import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseMachineRecord } from "../../../agent/machine.ts";
import { filesFolder } from "../../../images/files.ts";

/** A metadata service and a vault of our own, on this host's loopback: the script is asked what it makes of their answers. */

const program = join(filesFolder, "azure/usr/lib/logos/fetch-credentials");
const token = "canary.token.of.the.machine";
const vm = "0D8A6F3C-11AA-4BBB-8CCC-1234567890AB";

let folder = "";
let server: Server;
let port = 0;
let asked: { path: string; authorization: string | undefined; metadata: string | undefined }[] = [];
/** Answers of the vault by secret: text, or an HTTP code with which it refuses, that often. */
let secrets: Record<string, { value: string; refuses?: number; code?: number }> = {};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "logos-fetch-"));
  mkdirSync(join(folder, "credstore"));
  asked = [];
  secrets = {};
  server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push({
      path,
      authorization: request.headers.authorization,
      metadata: request.headers.metadata?.toString(),
    });
    const send = (code: number, body: string) => response.writeHead(code).end(body);
    if (path.startsWith("/metadata/") && request.headers.metadata !== "true") return send(400, "no Metadata header");
    if (path.startsWith("/metadata/instance/compute")) return send(200, JSON.stringify({ vmId: vm }));
    if (path.startsWith("/metadata/instance/network")) return send(200, "10.83.0.140");
    if (path.startsWith("/metadata/identity")) return send(200, JSON.stringify({ access_token: token }));
    const name = /^\/secrets\/(?<name>[^/?]+)\?api-version=7\.4$/.exec(path)?.groups?.name ?? "";
    const secret = secrets[name];
    if (request.headers.authorization !== `Bearer ${token}`) return send(401, "no token");
    if (secret === undefined) return send(404, "{}");
    if ((secret.refuses ?? 0) > 0) {
      secret.refuses = (secret.refuses ?? 0) - 1;
      return send(secret.code ?? 403, "Forbidden");
    }
    return send(200, JSON.stringify({ value: secret.value, id: path }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

async function fetchCredentials(settings: Readonly<Record<string, string>> = {}) {
  const child = spawn("sh", [program], {
    env: {
      PATH: process.env.PATH ?? "",
      LOGOS_CREDSTORE: join(folder, "credstore"),
      LOGOS_METADATA: `http://127.0.0.1:${port}/metadata`,
      LOGOS_PATIENCE: "60",
      // The name is one that no name server knows: the address of the settings is what counts.
      LOGOS_VAULT: `http://vault.example:${port}/`,
      LOGOS_VAULT_ADDRESS: "127.0.0.1",
      LOGOS_CLIENT_ID: "client-of-node",
      LOGOS_CREDENTIALS: "logos.authorized-keys=node-logos-authorized-keys,slurm.jwks=node-slurm-jwks",
      LOGOS_ROLE: "node",
      LOGOS_BASTION: "10.83.0.4",
      LOGOS_CONTROL: "10.83.0.20",
      LOGOS_OPERATORS: "198.51.100.7/32,203.0.113.0/29",
      LOGOS_IMAGE: "ab".repeat(32),
      ...settings,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, output };
}

const stored = () => readdirSync(join(folder, "credstore"));
const content = (name: string) => readFileSync(join(folder, "credstore", name), "utf8");

describe("fetch-credentials on Azure", () => {
  const keys = "ssh-ed25519 AAAA operator\n";
  const jwks = '{"keys":[{"k":"canary","kid":"first"}]}';

  beforeEach(() => {
    secrets = { "node-logos-authorized-keys": { value: keys }, "node-slurm-jwks": { value: jwks } };
  });

  it("stores each credential as it is, readable by nobody else, and nothing beside", async () => {
    const { code, output } = await fetchCredentials();
    expect(output).toContain("node-0d8a6f3c11aa is 0d8a6f3c-11aa");
    expect(code).toBe(0);
    expect(stored().toSorted()).toEqual([
      "logos.authorized-keys",
      "logos.disk-key",
      "logos.machine",
      "logos.ssh-host-key",
      "slurm.jwks",
    ]);
    expect(content("logos.authorized-keys")).toBe(keys);
    expect(content("slurm.jwks")).toBe(jwks);
    for (const name of stored()) expect(statSync(join(folder, "credstore", name)).mode & 0o077, name).toBe(0);
  });

  it("asks by its own identity, and prints neither token nor value", async () => {
    const { output } = await fetchCredentials();
    const identity = asked.find(({ path }) => path.startsWith("/metadata/identity"));
    expect(identity?.path).toContain("client_id=client-of-node");
    expect(identity?.path).toContain("resource=https%3A%2F%2Fvault.azure.net");
    expect(output).not.toContain("canary");
    expect(output).not.toContain("AAAA");
  });

  it("tells the machine what it is: a node's name is of its id, and used once", async () => {
    await fetchCredentials({ LOGOS_NAME: "node-1" });
    expect(parseMachineRecord(content("logos.machine"), "test")).toMatchObject({
      name: "node-0d8a6f3c11aa",
      group: "node",
      instanceId: vm.toLowerCase(),
      address: "10.83.0.140",
      bastionAddress: "10.83.0.4",
      controlAddress: "10.83.0.20",
      operatorRanges: ["198.51.100.7/32", "203.0.113.0/29"],
      imageDigest: "ab".repeat(32),
    });
  });

  it("gives a machine that exists once the name it was given, and no image", async () => {
    await fetchCredentials({ LOGOS_ROLE: "control", LOGOS_NAME: "control", LOGOS_IMAGE: "" });
    const record = parseMachineRecord(content("logos.machine"), "test");
    expect(record).toMatchObject({ name: "control", group: "control" });
    expect(record).not.toHaveProperty("imageDigest");
  });

  it("waits for a right that is not known everywhere yet", async () => {
    secrets["node-slurm-jwks"] = { value: jwks, refuses: 1 };
    const { code, output } = await fetchCredentials();
    expect(code).toBe(0);
    expect(output).toContain("the credential slurm.jwks: HTTP 403, trying again");
    expect(content("slurm.jwks")).toBe(jwks);
  });

  it("stores nothing at all when one is missing, and says which", async () => {
    delete secrets["node-slurm-jwks"];
    const { code, output } = await fetchCredentials({ LOGOS_PATIENCE: "1" });
    expect(code).toBe(1);
    expect(output).toMatch(/the credential slurm\.jwks: still HTTP 404 after \d+ s/);
    expect(stored()).toEqual([]);
  });

  it("replaces what an earlier run stored", async () => {
    await fetchCredentials();
    secrets["node-slurm-jwks"] = { value: "rotated" };
    expect((await fetchCredentials()).code).toBe(0);
    expect(content("slurm.jwks")).toBe("rotated");
  });

  it.each(["LOGOS_VAULT", "LOGOS_CLIENT_ID", "LOGOS_OPERATORS"])(
    "names the setting that is missing: %s",
    async (name) => {
      const { code, output } = await fetchCredentials({ [name]: "" });
      expect(code).toBe(1);
      expect(output).toContain(`the setting ${name} is missing`);
      expect(asked).toEqual([]);
    },
  );
});

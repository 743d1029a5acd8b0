import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseMachineRecord } from "../../../agent/machine.ts";
import { filesFolder, listFiles } from "../../../images/files.ts";

/** A metadata server, a secret store and a monitoring service of our own on this host's loopback: simulated, all of them. */
const programs = join(filesFolder, "gcp/usr/lib/logos");
const token = "canary.token.of.the.machine";
const id = "4242424242424242424";

let folder = "";
let server: Server;
let origin = "";
let asked: { readonly path: string; readonly body: string }[] = [];
/** Secrets by name, and how often each is refused before it is given. */
let secrets: Record<string, { readonly value: string; refusals?: number }> = {};
/** States that the machine goes through, one a question; the last one stays. */
let stopStates: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "logos-gcp-"));
  mkdirSync(join(folder, "bin"));
  asked = [];
  secrets = {};
  stopStates = ["STOP_STATE_UNSPECIFIED"];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      asked.push({ path, body: Buffer.concat(chunks).toString("utf8") });
      const send = (code: number, body: string) => response.writeHead(code).end(body);
      const about = /^\/computeMetadata\/v1\/instance\/(?<what>[^?]+)/.exec(path)?.groups?.what;
      if (about !== undefined) {
        if (request.headers["metadata-flavor"] !== "Google") return send(403, "no Metadata-Flavor");
        if (about === "id") return send(200, id);
        if (about === "network-interfaces/0/ip") return send(200, "10.83.0.140");
        if (about === "service-accounts/default/token") return send(200, JSON.stringify({ access_token: token }));
        if (about === "shutdown-details/stop-state") {
          const state = stopStates.length > 1 ? stopStates.shift() : stopStates[0];
          return send(200, state ?? "");
        }
        return send(404, "");
      }
      if (request.headers.authorization !== `Bearer ${token}`) return send(401, "no token");
      if (path === "/v3/projects/logos-proofs/timeSeries") return send(200, "{}");
      const name = /^\/v1\/projects\/logos-proofs\/secrets\/(?<name>[^/]+)\/versions\/latest:access$/.exec(path)?.groups
        ?.name;
      const secret = secrets[name ?? ""];
      if (secret === undefined) return send(404, "{}");
      if ((secret.refusals ?? 0) > 0) {
        secret.refusals = (secret.refusals ?? 0) - 1;
        return send(403, "the right is not known yet");
      }
      return send(200, JSON.stringify({ name, payload: { data: Buffer.from(secret.value).toString("base64") } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  origin = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a program of a test's own before the host's. */
function standIn(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(folder, "bin", name), 0o755);
}

function run(program: string, settings: Readonly<Record<string, string>> = {}) {
  const [, port = ""] = origin.split(":");
  const child = spawn("sh", [join(programs, program)], {
    env: {
      PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`,
      LOGOS_METADATA: `http://${origin}`,
      // The name is one that no name server knows: the address of the settings is what counts.
      LOGOS_SERVICE: `http://secrets.example:${port}`,
      LOGOS_MONITORING: `http://monitoring.example:${port}`,
      LOGOS_SERVICE_ADDRESS: "127.0.0.1",
      LOGOS_CREDSTORE: join(folder, "credstore"),
      LOGOS_PATIENCE: "30",
      LOGOS_PAUSE: "0.05",
      LOGOS_PROJECT: "logos-proofs",
      LOGOS_ROLE: "node",
      LOGOS_SECRETS: "logos.authorized-keys=node-authorized-keys,slurm.jwks=node-slurm-jwks",
      LOGOS_BASTION: "10.83.0.4",
      LOGOS_CONTROL: "10.83.0.20",
      LOGOS_OPERATORS: "198.51.100.7/32,203.0.113.0/29",
      LOGOS_IMAGE: "ab".repeat(32),
      LOGOS_METRIC: "custom.googleapis.com/logos/prod/nodes_wanted",
      ...settings,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => (output += data.toString("utf8")));
  return new Promise<{ readonly code: number; readonly output: string }>((resolve) =>
    child.on("close", (code) => resolve({ code: code ?? 1, output })),
  );
}

const credential = (name: string) => readFileSync(join(folder, "credstore", name), "utf8");

it("every program is what shellcheck takes for sound", () => {
  for (const { path } of listFiles("gcp").filter((file) => file.path.startsWith("/usr/lib/logos/"))) {
    const checked = spawnSync("shellcheck", ["--shell=sh", "--external-sources", join(filesFolder, "gcp", path)], {
      encoding: "utf8",
    });
    if (checked.error !== undefined) return;
    expect(
      checked.stdout.replace(/^$/gm, "").includes("(warning)") || checked.stdout.includes("(error)"),
      checked.stdout,
    ).toBe(false);
  }
});

describe("fetch-credentials", () => {
  it("writes each secret byte by byte for root alone, and the record that the agent takes", async () => {
    secrets = {
      "node-authorized-keys": { value: "ssh-ed25519 AAAA ada\n" },
      "node-slurm-jwks": { value: '{"keys": ["canary"]}\n\n' },
    };
    const { code, output } = await run("fetch-credentials");
    expect(output).not.toMatch(/canary|AAAA/);
    expect(code, output).toBe(0);
    expect(credential("logos.authorized-keys")).toBe("ssh-ed25519 AAAA ada\n");
    expect(credential("slurm.jwks")).toBe('{"keys": ["canary"]}\n\n');
    expect(parseMachineRecord(credential("logos.machine"), "record")).toMatchObject({
      name: `n-${id}`,
      group: "node",
      instanceId: id,
      address: "10.83.0.140",
      bastionAddress: "10.83.0.4",
      controlAddress: "10.83.0.20",
      operatorRanges: ["198.51.100.7/32", "203.0.113.0/29"],
      imageDigest: "ab".repeat(32),
    });
    for (const name of readdirSync(join(folder, "credstore"))) {
      expect(statSync(join(folder, "credstore", name)).mode & 0o777, name).toBe(0o600);
      expect(name.startsWith("."), name).toBe(false);
    }
  });

  it("gives a node the same disk key at each boot, another host key, and no other node either", async () => {
    secrets = { "node-authorized-keys": { value: "k" }, "node-slurm-jwks": { value: "canary" } };
    await run("fetch-credentials");
    const [disk, host] = [credential("logos.disk-key"), credential("logos.ssh-host-key")];
    await run("fetch-credentials");
    expect(Buffer.from(disk, "base64")).toHaveLength(32);
    expect(credential("logos.disk-key")).toBe(disk);
    expect(credential("logos.ssh-host-key")).not.toBe(host);
    secrets["node-slurm-jwks"] = { value: "another" };
    await run("fetch-credentials");
    expect(credential("logos.disk-key")).not.toBe(disk);
  });

  it("gives a machine that is set up nothing but what is its role's", async () => {
    secrets = { "control-host": { value: "host key" } };
    const { code, output } = await run("fetch-credentials", {
      LOGOS_ROLE: "control",
      LOGOS_SECRETS: "logos.ssh-host-key=control-host",
      LOGOS_IMAGE: "",
    });
    expect(code, output).toBe(0);
    expect(readdirSync(join(folder, "credstore")).toSorted()).toEqual(["logos.machine", "logos.ssh-host-key"]);
    expect(credential("logos.ssh-host-key")).toBe("host key");
    expect(parseMachineRecord(credential("logos.machine"), "record")).toMatchObject({
      name: "control",
      group: "control",
    });
  });

  it("waits for a right that is not known yet, and gives up with the secret's name", async () => {
    secrets = { "node-authorized-keys": { value: "k", refusals: 2 }, "node-slurm-jwks": { value: "j" } };
    expect((await run("fetch-credentials")).code).toBe(0);
    secrets = { "node-authorized-keys": { value: "k" } };
    const { code, output } = await run("fetch-credentials", { LOGOS_PATIENCE: "1" });
    expect(code).not.toBe(0);
    expect(output).toContain("the secret node-slurm-jwks cannot be had after 1 s");
  });

  it.each([
    [{ LOGOS_SECRETS: "../evil=x" }, '"../evil" is no name of a credential'],
    [{ LOGOS_PROJECT: "" }, "the setting LOGOS_PROJECT is missing"],
  ])("refuses %o", async (settings, reason) => {
    const { code, output } = await run("fetch-credentials", settings);
    expect(code).not.toBe(0);
    expect(output).toContain(reason);
  });
});

describe("publish-demand", () => {
  const metrics = () => join(folder, "demand.prom");
  const write = (wanted: string, age: number) =>
    writeFileSync(
      metrics(),
      `logos_nodes_wanted ${wanted}\nlogos_demand_timestamp_seconds ${Date.now() / 1000 - age}\n`,
    );

  it("tells Cloud Monitoring the number, as the machine's own account", async () => {
    write("5", 3);
    const { code, output } = await run("publish-demand", { LOGOS_METRICS: metrics() });
    expect(code, output).toBe(0);
    const [series] = JSON.parse(asked.at(-1)?.body ?? "").timeSeries;
    expect(series).toMatchObject({
      metric: { type: "custom.googleapis.com/logos/prod/nodes_wanted", labels: {} },
      resource: { type: "global", labels: { project_id: "logos-proofs" } },
      points: [{ value: { int64Value: "5" } }],
    });
    expect(Math.abs(Date.parse(series.points[0].interval.endTime) - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    ["5", 90, /is 9\d s old/],
    ["NaN", 0, /does not say how many/],
    ["2.5", 0, /does not say how many/],
  ])("says nothing of %s that is %i s old", async (wanted, age, reason) => {
    write(wanted, age);
    const { code, output } = await run("publish-demand", { LOGOS_METRICS: metrics() });
    expect(code).not.toBe(0);
    expect(output).toMatch(reason);
    expect(asked).toEqual([]);
  });
});

describe("leave-pool", () => {
  it("drains, waits until the node's last job has ended, leaves the scheduler and switches off", async () => {
    stopStates = ["STOP_STATE_UNSPECIFIED", "STOP_STATE_UNSPECIFIED", "PENDING_STOP"];
    const log = join(folder, "log");
    writeFileSync(join(folder, "slurmd.env"), "LOGOS_NODE='n-42'\n");
    writeFileSync(join(folder, "jobs"), "one\ntwo\n");
    standIn("scontrol", `echo "scontrol $*" >>${log}`);
    standIn("squeue", `head -n 1 ${folder}/jobs; sed -i 1d ${folder}/jobs`);
    standIn("systemctl", `echo "systemctl $*" >>${log}`);
    const { code, output } = await run("leave-pool", { LOGOS_RUN: folder });
    expect(code, output).toBe(0);
    expect(readFileSync(log, "utf8").trim().split("\n")).toEqual([
      "systemctl is-active --quiet slurmd.service",
      "scontrol update nodename=n-42 state=drain reason=scale-in",
      "scontrol delete nodename=n-42",
      "systemctl stop slurmd.service",
      "systemctl poweroff",
    ]);
    expect(readFileSync(join(folder, "jobs"), "utf8")).toBe("");
    expect(asked.filter(({ path }) => path.includes("stop-state")).length).toBe(3);
  });

  it("switches a node off that never took work", async () => {
    stopStates = ["PENDING_STOP"];
    standIn("systemctl", `echo "systemctl $*" >>${folder}/log; [ "$1" != is-active ]`);
    expect((await run("leave-pool")).code).toBe(0);
    expect(readFileSync(join(folder, "log"), "utf8")).toBe(
      "systemctl is-active --quiet slurmd.service\nsystemctl poweroff\n",
    );
  });
});

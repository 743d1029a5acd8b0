import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesFolder } from "../../../images/files.ts";

/**
 * What nodes and control plane on Azure run, against a metadata service of our own on this host's loopback, with stand-ins
 * for systemctl and Slurm's commands that write down what they are asked.
 */

const programs = join(filesFolder, "azure/usr/lib/logos");
const token = "canary.token";

let folder = "";
let server: Server;
let port = 0;
let answer: (request: IncomingMessage, body: string, response: ServerResponse) => void;
let asked: { method: string; path: string; body: string; authorization: string | undefined }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "logos-azure-"));
  mkdirSync(join(folder, "bin"));
  asked = [];
  answer = (_request, _body, response) => response.writeHead(404).end();
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      asked.push({ method, path: url, body, authorization: request.headers.authorization });
      if (url.startsWith("/metadata/") && request.headers.metadata !== "true") response.writeHead(400).end();
      else if (url.startsWith("/metadata/identity")) response.end(JSON.stringify({ access_token: token }));
      else if (url.startsWith("/metadata/instance/compute/name")) response.end("pool_1a2b");
      else answer(request, body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** A stand-in for a command of the machine: it writes down its words, and does what `script` says. */
function command(name: string, script: string): void {
  const path = join(folder, "bin", name);
  writeFileSync(path, `#!/bin/sh\necho "${name} $*" >>${folder}/calls\n${script}\n`);
  chmodSync(path, 0o755);
}

const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

async function run(program: string, settings: Readonly<Record<string, string>>, input = "") {
  const child = spawn("sh", [join(programs, program)], {
    env: {
      PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`,
      LOGOS_METADATA: `http://127.0.0.1:${port}/metadata`,
      LOGOS_CLIENT_ID: "client",
      LOGOS_PAUSE: "0.05",
      LOGOS_RUN: folder,
      ...settings,
    },
  });
  child.stdin.end(input);
  let output = "";
  let words = "";
  child.stdout.on("data", (chunk) => (output += String(chunk)));
  child.stderr.on("data", (chunk) => (words += String(chunk)));
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, output, words };
}

describe("publish-demand", () => {
  const pool = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachineScaleSets/pool";
  const publish = (seconds: number) => {
    const when = Date.now() / 1000 - seconds;
    writeFileSync(
      join(folder, "demand.prom"),
      `# HELP logos_nodes_wanted Nodes.\nlogos_nodes_wanted 4\nlogos_nodes_wanted_now 5\nlogos_demand_timestamp_seconds ${when}\n`,
    );
    return run("publish-demand", {
      LOGOS_REGION: "westeurope",
      LOGOS_POOL: pool,
      LOGOS_MONITOR: `http://westeurope.monitoring.example:${port}`,
      LOGOS_MONITOR_ADDRESS: "127.0.0.1",
      LOGOS_METRICS: join(folder, "demand.prom"),
    });
  };

  it("tells Azure Monitor the number, against the scale set, by the machine's own identity", async () => {
    answer = (_request, _body, response) => response.writeHead(200).end();
    const { code, output, words } = await publish(5);
    expect(words).toBe("");
    expect(code).toBe(0);
    const posted = asked.find(({ method }) => method === "POST");
    expect(posted?.path).toBe(`${pool}/metrics`);
    expect(posted?.authorization).toBe(`Bearer ${token}`);
    expect(JSON.parse(posted?.body ?? "")).toMatchObject({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      data: {
        baseData: { metric: "nodes_wanted", namespace: "logos", series: [{ min: 4, max: 4, sum: 4, count: 1 }] },
      },
    });
    expect(output).not.toContain("canary");
  });

  it("publishes no number that is old", async () => {
    const { code, words } = await publish(300);
    expect(code).toBe(1);
    expect(words).toMatch(/is 30\d s old: it is not published/);
    expect(asked).toEqual([]);
  });

  it("says so when Azure Monitor does not take it", async () => {
    answer = (_request, _body, response) => response.writeHead(403).end();
    const { code, words } = await publish(5);
    expect(code).toBe(1);
    expect(words).toContain("Azure Monitor did not take the number");
  });
});

describe("ready", () => {
  const ask = async (smoke: string, slurmd: boolean, request = "GET /ready HTTP/1.1\r\n\r\n") => {
    command("systemctl", `case $1 in show) echo ${smoke} ;; is-active) exit ${slurmd ? 0 : 3} ;; esac`);
    return (await run("ready", {}, request)).output;
  };

  it.each([
    ["active", true, "200 OK", '{"ApplicationHealthState":"Healthy"}'],
    ["active", false, "200 OK", '{"ApplicationHealthState":"Unhealthy"}'],
    ["failed", false, "200 OK", '{"ApplicationHealthState":"Unhealthy"}'],
    ["activating", false, "503 Service Unavailable", ""],
    ["inactive", false, "503 Service Unavailable", ""],
  ])("with the gate %s and slurmd running: %s it answers %s %s", async (smoke, slurmd, status, body) => {
    const [head, answered] = (await ask(smoke, slurmd)).split("\r\n\r\n");
    expect(head).toContain(`HTTP/1.1 ${status}\r\n`);
    expect(head).toContain(`Content-Length: ${body.length}\r\n`);
    expect(answered).toBe(body);
  });

  it("answers nothing else", async () => {
    expect(await ask("active", true, "GET /etc/passwd HTTP/1.1\r\n\r\n")).toContain("HTTP/1.1 404");
  });
});

describe("leave-pool", () => {
  const event = (type: string, machine: string) =>
    JSON.stringify({ Events: [{ EventId: `event-of-${machine}`, EventType: type, Resources: [machine] }] });

  it("drains the node, waits for its jobs, leaves the scheduler, and only then lets Azure go on", async () => {
    writeFileSync(join(folder, "slurmd.env"), "LOGOS_NODE='node-0d8a6f3c11aa'\n");
    // One job, which ends at the third look.
    command(
      "squeue",
      `n=$(cat ${folder}/looks 2>/dev/null || echo 0); echo $((n + 1)) >${folder}/looks; [ "$n" -ge 2 ] || echo 7`,
    );
    command("scontrol", "");
    command("systemctl", "");
    let polls = 0;
    answer = (request, _body, response) => {
      if (request.method === "POST") return response.end("{}");
      polls++;
      // Nothing first; then another machine's end and a reboot of ours, which are no reason to leave; then ours.
      const other = polls === 2 ? event("Terminate", "pool_9z9z") : event("Reboot", "pool_1a2b");
      return response.end(polls === 1 ? '{"Events":[]}' : polls < 4 ? other : event("Terminate", "pool_1a2b"));
    };
    const { code, output } = await run("leave-pool", {});
    expect(code).toBe(0);
    expect(output).toContain("the scale set wants node-0d8a6f3c11aa gone");
    expect(calls()).toEqual([
      "systemctl is-active --quiet slurmd.service",
      "scontrol update nodename=node-0d8a6f3c11aa state=drain reason=scale-in",
      ...Array.from({ length: 3 }, () => "squeue --noheader --nodelist node-0d8a6f3c11aa --states R,CG,CF,S"),
      "scontrol delete nodename=node-0d8a6f3c11aa",
      "systemctl stop slurmd.service",
    ]);
    const posted = asked.filter(({ method }) => method === "POST");
    expect(posted.map(({ body }) => JSON.parse(body))).toEqual([
      { StartRequests: [{ EventId: "event-of-pool_1a2b" }] },
    ]);
    expect(posted[0]).toBe(asked.at(-1));
  });

  it("lets a node go at once that never joined", async () => {
    command("systemctl", "exit 3");
    answer = (_request, _body, response) => response.end(event("Terminate", "pool_1a2b"));
    expect((await run("leave-pool", {})).code).toBe(0);
    expect(calls()).toEqual(["systemctl is-active --quiet slurmd.service"]);
  });
});

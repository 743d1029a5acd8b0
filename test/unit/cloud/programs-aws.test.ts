import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseMachineRecord } from "../../../agent/machine.ts";
import { runProgram, SimulatedAws } from "./aws-service.ts";

let aws: SimulatedAws;
let folder: string;

beforeEach(async () => {
  aws = new SimulatedAws();
  await aws.start();
  folder = mkdtempSync(join(tmpdir(), "logos-aws-"));
});
afterEach(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("fetch-credentials", () => {
  const secret = { "logos.ssh-host-key": "canary\nkey\n", "slurm.jwks": '{"keys":[]}' };
  beforeEach(() => {
    aws.answer = ({ method, url, body }) =>
      method === "POST" && url === "/" && JSON.parse(body).SecretId === "logos/dev/node"
        ? [200, JSON.stringify({ SecretString: JSON.stringify(secret) })]
        : [400, '{"__type":"AccessDeniedException"}'];
  });
  const fetchCredentials = (more: Readonly<Record<string, string>> = {}) =>
    runProgram("fetch-credentials", {
      LOGOS_METADATA: aws.url,
      LOGOS_SECRETS: aws.url,
      LOGOS_CREDSTORE: folder,
      LOGOS_PATIENCE: "20",
      LOGOS_CREDENTIALS: "logos/dev/node",
      LOGOS_ROLE: "node",
      LOGOS_BASTION: "10.83.0.4",
      LOGOS_CONTROL: "10.83.0.20",
      LOGOS_OPERATORS: "203.0.113.0/29,198.51.100.7/32",
      LOGOS_IMAGE: "ab".repeat(32),
      ...more,
    });

  it("writes each value byte by byte, readable by its owner alone", async () => {
    const { code, text } = await fetchCredentials();
    expect(text).toBe("fetch-credentials: n-0123456789abcdef0 is i-0123456789abcdef0 at 10.83.0.130\n");
    expect(code).toBe(0);
    for (const [name, value] of Object.entries(secret)) {
      expect(readFileSync(join(folder, name), "utf8")).toBe(value);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(folder).toSorted()).toEqual(["logos.machine", "logos.ssh-host-key", "slurm.jwks"]);
  });

  it("writes a record that the agent takes", async () => {
    await fetchCredentials();
    const record = parseMachineRecord(readFileSync(join(folder, "logos.machine"), "utf8"), "record");
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
    const [request] = aws.calls;
    expect(request?.headers["x-amz-target"]).toBe("secretsmanager.GetSecretValue");
    expect(request?.headers["x-amz-security-token"]).toBe("canary-session==");
    expect(request?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIATEST\/\d{8}\/eu-central-1\/secretsmanager\/aws4_request,/,
    );
    expect(request?.headers.authorization).toMatch(/SignedHeaders=[a-z0-9;-]*x-amz-security-token/);
  });

  it("tries again while its identity is not known everywhere", async () => {
    aws.next.push([400, '{"__type":"AccessDeniedException"}']);
    expect((await fetchCredentials()).code).toBe(0);
    expect(aws.calls).toHaveLength(2);
  });

  it("leaves nothing and says what it misses when it is refused to the end, without a word of a secret", async () => {
    const { code, text } = await fetchCredentials({ LOGOS_CREDENTIALS: "logos/dev/control", LOGOS_PATIENCE: "1" });
    expect(code).toBe(1);
    expect(text).toContain("the secret logos/dev/control cannot be read after 1 s");
    expect(text).not.toContain("canary");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("pool-life", () => {
  const log = () => readFileSync(join(folder, "log"), "utf8").trim().split("\n");
  /** Programs of the system and of Slurm, as scripts that say what a test has prepared. */
  function system(programs: Readonly<Record<string, string>>): void {
    mkdirSync(join(folder, "bin"));
    for (const [name, text] of Object.entries(programs)) {
      const path = join(folder, "bin", name);
      writeFileSync(path, `#!/bin/sh\nfolder=${folder}\necho "${name} $*" >>"$folder/log"\n${text}\n`);
      chmodSync(path, 0o755);
    }
    writeFileSync(join(folder, "log"), "");
    writeFileSync(join(folder, "slurmd.env"), "LOGOS_NODE='n-1'\nLOGOS_CONTROL='10.83.0.20'\n");
  }
  const run = () =>
    runProgram("pool-life", {
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      LOGOS_METADATA: aws.url,
      LOGOS_AUTOSCALING: aws.url,
      LOGOS_GROUP: "logos-dev-pool",
      LOGOS_PAUSE: "0.05",
      LOGOS_RUN: folder,
    });
  const told = () =>
    aws.calls.map(({ body }) => {
      const form = new URLSearchParams(body);
      return [form.get("Action"), form.get("LifecycleHookName"), form.get("LifecycleActionResult")];
    });
  const passed = 'case "$*" in *ActiveState*) echo active ;; *is-active*) exit 0 ;; esac';

  it("tells the group that the gate passed, and when it is wanted gone drains, waits for its jobs, leaves, and says so", async () => {
    aws.metadata.set("autoscaling/target-lifecycle-state", "InService");
    aws.answer = ({ body }) => {
      // The group wants it gone as soon as it is in service.
      if (body.includes("LifecycleHookName=gate")) aws.metadata.set("autoscaling/target-lifecycle-state", "Terminated");
      return [200, "<ok/>"];
    };
    system({
      systemctl: passed,
      scontrol: "",
      // Busy for the first two looks.
      squeue: '[ "$(grep -c ^squeue "$folder/log")" -gt 2 ] || echo 17',
    });
    expect((await run()).code).toBe(0);
    expect(told()).toEqual([
      ["CompleteLifecycleAction", "gate", "CONTINUE"],
      ["CompleteLifecycleAction", "drain", "CONTINUE"],
    ]);
    const slurm = log().filter((line) => /^(scontrol|squeue|systemctl stop)/.test(line));
    expect(slurm).toEqual([
      "scontrol update nodename=n-1 state=drain reason=scale-in",
      ...Array<string>(3).fill("squeue --noheader --nodelist n-1 --states R,CG,CF,S"),
      "scontrol delete nodename=n-1",
      "systemctl stop slurmd.service",
    ]);
    expect(new URLSearchParams(aws.calls[0]?.body).get("AutoScalingGroupName")).toBe("logos-dev-pool");
    expect(aws.calls[0]?.headers.authorization).toMatch(/\/eu-central-1\/autoscaling\/aws4_request,/);
  });

  it("tells the group to give up a node whose gate failed", async () => {
    aws.metadata.set("autoscaling/target-lifecycle-state", "Terminated");
    system({
      systemctl: 'case "$*" in *ActiveState*) echo failed ;; *is-active*) exit 3 ;; esac',
      scontrol: "",
      squeue: "",
    });
    expect((await run()).code).toBe(0);
    expect(told()[0]).toEqual(["CompleteLifecycleAction", "gate", "ABANDON"]);
    expect(log().some((line) => line.startsWith("scontrol"))).toBe(false);
  });

  it("waits for the gate's word, however long it takes", async () => {
    aws.metadata.set("autoscaling/target-lifecycle-state", "Terminated");
    system({
      systemctl:
        'case "$*" in *ActiveState*) [ "$(grep -c ActiveState "$folder/log")" -gt 3 ] && echo active || echo activating ;; *is-active*) exit 3 ;; esac',
      scontrol: "",
      squeue: "",
    });
    expect((await run()).code).toBe(0);
    expect(log().filter((line) => line.includes("ActiveState"))).toHaveLength(4);
    expect(told()[0]).toEqual(["CompleteLifecycleAction", "gate", "CONTINUE"]);
  });

  it("says it again until the group has heard it", async () => {
    aws.metadata.set("autoscaling/target-lifecycle-state", "Terminated");
    aws.next.push([503, ""], [429, ""]);
    system({
      systemctl: 'case "$*" in *ActiveState*) echo active ;; *is-active*) exit 3 ;; esac',
      scontrol: "",
      squeue: "",
    });
    expect((await run()).code).toBe(0);
    expect(told().map(([, hook]) => hook)).toEqual(["gate", "gate", "gate", "drain"]);
  });
});

describe("slurmd-may-start", () => {
  it.each([
    ["InService", 0],
    ["Warmed:Stopped", 1],
  ])("on a machine that its group wants %s ends with %d", async (state, code) => {
    aws.metadata.set("autoscaling/target-lifecycle-state", state);
    expect((await runProgram("slurmd-may-start", { LOGOS_METADATA: aws.url })).code).toBe(code);
  });
});

describe("publish-demand", () => {
  const metrics = () => join(folder, "demand.prom");
  const publish = () =>
    runProgram("publish-demand", {
      LOGOS_METADATA: aws.url,
      LOGOS_CLOUDWATCH: aws.url,
      LOGOS_METRICS: metrics(),
      LOGOS_GROUP: "logos-dev-pool",
    });
  const write = (wanted: number, seconds: number) =>
    writeFileSync(
      metrics(),
      `# TYPE logos_nodes_wanted gauge\nlogos_nodes_wanted ${wanted}\nlogos_nodes_wanted_now 9\nlogos_demand_timestamp_seconds ${seconds}\n`,
    );

  it("puts the number under the name and the pool that the policy reads", async () => {
    write(5, Date.now() / 1000);
    expect(await publish()).toEqual({ code: 0, text: "" });
    const form = Object.fromEntries(new URLSearchParams(aws.calls[0]?.body));
    expect(form).toEqual({
      Action: "PutMetricData",
      Version: "2010-08-01",
      Namespace: "logos",
      "MetricData.member.1.MetricName": "nodes_wanted",
      "MetricData.member.1.Value": "5",
      "MetricData.member.1.Dimensions.member.1.Name": "Pool",
      "MetricData.member.1.Dimensions.member.1.Value": "logos-dev-pool",
    });
    expect(aws.calls[0]?.headers.authorization).toMatch(/\/eu-central-1\/monitoring\/aws4_request,/);
  });

  it("publishes nothing that is old: the pool then stays as it is", async () => {
    write(5, Date.now() / 1000 - 120);
    const { code, text } = await publish();
    expect(code).toBe(1);
    expect(text).toMatch(/the number of nodes wanted is 1[12]\d s old: it is not published/);
    expect(aws.calls).toEqual([]);
  });

  it("says what it misses when nobody has found a number", async () => {
    expect((await publish()).text).toContain("cannot be read: is logos-demand.service running?");
    writeFileSync(metrics(), "nonsense\n");
    expect((await publish()).text).toContain("does not say how many nodes are wanted");
  });
});

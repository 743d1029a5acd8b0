import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { bakeSteps } from "../../components/image/steps.ts";
import { targets } from "../../core/config/targets.ts";
import { schedulableMemoryMb } from "../../core/slurm/size.ts";
import { filesFolder, modeOf } from "../../images/files.ts";
import type { Declared, MockedEngine } from "./engine.ts";
import { declareSubstrate, stages } from "./substrate.ts";
import { configs } from "./targets.ts";

/** What waits for those who use the command plugin, on every target. Each test is named after the trap that it keeps shut. */
describe.each(targets)("on target %s", (target) => {
  // Hosts that people own stay when the stack goes, are left by a command, and prove themselves without a builder: what holds
  // of those commands stands in metal.test.ts.
  const ifMachinesAreMade = (name: string, test: () => void) => {
    if (target !== "metal") it(name, test);
  };
  let engine: MockedEngine;
  let remote: readonly Declared[];
  let commands: readonly Declared[];
  beforeAll(async () => {
    engine = (await declareSubstrate(configs[target])).engine;
    remote = engine.declared.filter(({ type }) => type.startsWith("command:remote:"));
    commands = engine.ofType("command:remote:Command");
  });

  it("trap: remote.Command default retries: a machine that boots is waited for, not for 11 seconds", () => {
    for (const { name, inputs } of remote)
      for (const hop of hopsOf(inputs.connection)) expect(waitSeconds(hop.dialErrorLimit), name).toBeGreaterThan(60);
  });

  ifMachinesAreMade(
    "trap: proxy and handshake retry: everything on a machine comes after one command that needs nothing but a login",
    () => {
      for (const one of remote) {
        const first = commands.find(({ name }) => name === `${hostOf(one.name)}-ready`);
        expect(first?.inputs.create, one.name).toBe("sudo -n true");
        if (one !== first) expect(reaches(engine, one), one.name).toContain(first?.name);
      }
    },
  );

  it("trap: hostKey omitted: without one, every key would be taken", () => {
    for (const { name, inputs } of remote)
      for (const hop of hopsOf(inputs.connection)) expect(hop.hostKey, name).toMatch(/^ssh-ed25519 \S+/);
  });

  ifMachinesAreMade(
    "trap: no SSH keepalive: what may take longer than minutes is a unit of the machine, and is followed",
    () => {
      const long = commands.filter(({ createTimeout }) => Number.parseInt(createTimeout, 10) > 180);
      expect(long.map(({ name }) => name)).toContain("image-builder-smoke");
      // What turns its machine off cannot be followed to its end.
      for (const { name, inputs } of long.filter((one) => !one.name.endsWith("-generalize")))
        expect(inputs.create, name).toMatch(/^sudo \/usr\/lib\/logos\/step [a-z0-9-]+ -- /);
    },
  );

  ifMachinesAreMade(
    "trap: a command runs again on any change of an input: only its text and the machine itself move it",
    () => {
      for (const { name, inputs, replaceOnChanges } of commands) {
        expect(Object.keys(inputs).toSorted(), name).toEqual(
          [
            "addPreviousOutputInEnv",
            "connection",
            "create",
            "logging",
            "triggers",
            ...("stdin" in inputs ? ["stdin"] : []),
          ].toSorted(),
        );
        expect(inputs.triggers, name).toEqual([expect.any(String)]);
        expect(replaceOnChanges, name).toEqual(["triggers[*]"]);
      }
    },
  );

  it("trap: environment on remote.Command: sshd would refuse it", () => {
    for (const { name, inputs } of commands) {
      expect(inputs.environment, name).toBeUndefined();
      expect(inputs.addPreviousOutputInEnv, name).toBe(false);
    }
  });

  ifMachinesAreMade("trap: delete on remote.Command: nothing is dialled at the end, when the machine is gone", () => {
    for (const { name, inputs, deletedWith } of remote) {
      expect(inputs.delete, name).toBeUndefined();
      expect(deletedWith, name).toBeTruthy();
    }
  });

  it("trap: CopyToRemote: files go where the login user may write, and get owner and mode from a program that was not copied with a mode", () => {
    for (const { name, inputs } of engine.ofType("command:remote:CopyToRemote"))
      expect(inputs.remotePath, name).toMatch(/^stage\/[0-9a-f]{12}(\/|$)/);
    for (const { name, inputs } of commands.filter(({ name: one }) => one.endsWith("-install")))
      expect(inputs.create, name).toMatch(/^sudo sh stage\/[0-9a-f]{12}\/common\/usr\/lib\/logos\/install-files /);
    expect(modeOf("/usr/lib/logos/step")).toBe(0o755);
  });

  it("trap: stdout of remote.Command lands in the state: a command that is given a secret says nothing, and no text holds one", () => {
    for (const { name, inputs, secretOutputs } of commands) {
      expect(JSON.stringify(inputs.create), name).not.toContain("canary");
      if (inputs.stdin === undefined) continue;
      expect(inputs.logging, name).toBe("none");
      expect(secretOutputs, name).toEqual(expect.arrayContaining(["stdout", "stderr"]));
    }
  });

  it('trap: "16 GB" asserted on MemTotal: what a job may ask for is what the machine shows, and less than its label', () => {
    const { cpus, memoryMb } = configs[target].node;
    if (target !== "lab") expect(memoryMb).toBeLessThan(15.57 * 1024);
    expect(Math.floor(schedulableMemoryMb(memoryMb) / cpus) * cpus).toBeLessThanOrEqual(schedulableMemoryMb(memoryMb));
  });
});

describe("of every bake", () => {
  const files = { digest: "3".repeat(64), trees: ["/files/common", "/files/node"], files: [] };

  it("trap: a preview never runs commands: what a cloud's builder is told differs by one step from what the lab proves", () => {
    const prebuilt = bakeSteps(files, "c".repeat(40), "d".repeat(64), "prebuilt");
    const stock = bakeSteps(files, "c".repeat(40), "d".repeat(64), "stock");
    expect(stock.filter(({ name }) => name !== "prepare")).toEqual(prebuilt);
    expect(stock.filter(({ name }) => name === "prepare")).toHaveLength(1);
    expect(stages.image).toContain("stage/");
  });

  it("trap: a captured builder brings its keys, identity and logs into every node: they are sealed away, and looked for", () => {
    const names = bakeSteps(files, "c".repeat(40), "d".repeat(64), "stock").map(({ name }) => name);
    expect(names.slice(-2)).toEqual(["seal", "spec"]);
    const seal = readFileSync(`${filesFolder}/node/usr/lib/logos/seal`, "utf8");
    for (const gone of ["/etc/ssh/ssh_host_", "/etc/machine-id", "/root/.ssh", "/var/log", "cloud-init clean"])
      expect(seal).toContain(gone);
  });
});

interface HopText {
  readonly hostKey: string;
  readonly dialErrorLimit: number;
}

function hopsOf(connection: unknown): readonly HopText[] {
  const { proxy, ...direct } = Object(connection);
  return proxy === undefined ? [direct] : [direct, proxy];
}

/** Seconds that the plugin waits between so many dials: from 0.1 on, half as much more each time, 5 at most. */
function waitSeconds(limit: number): number {
  return Array.from({ length: limit }, (_, dial) => Math.min(0.1 * 1.5 ** dial, 5)).reduce(
    (sum, wait) => sum + wait,
    0,
  );
}

/** `image-builder` of `image-builder-smoke`, `bastion` of `bastion-file-workload-json`. */
function hostOf(name: string): string {
  return name.startsWith("image-builder-") ? "image-builder" : (name.split("-")[0] ?? name);
}

function reaches(engine: MockedEngine, from: Declared): readonly string[] {
  const seen = new Set<string>();
  const queue = [...from.dependsOn];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const one of engine.declared.filter((candidate) => candidate.name === name)) queue.push(...one.dependsOn);
  }
  return [...seen];
}

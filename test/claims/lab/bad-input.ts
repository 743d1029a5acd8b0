import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lab } from "../../support/lab.ts";
import { changes, type Run, repository } from "../../support/stack.ts";
import { type Claim, hold } from "../claim.ts";

/** Each mistake gets one clear message, an exit code that is not 0, and loses nothing. */
export const badInputClaims: readonly Claim[] = [
  {
    name: "bad-settings",
    tag: "lab",
    statement:
      "Wrong settings are refused before anything is made, each with its key, what was given and what is allowed.",
    seconds: 60,
    check: async (progress) => {
      const lab = new Lab("claims-bad", "10.83.15.0/24");
      await lab.init();
      const cases: readonly [what: string, lines: readonly string[], message: RegExp][] = [
        ["min > max", ["  logos:pool:", "    min: 6", "    max: 4"], /logos:pool[\s\S]*6[\s\S]*4/],
        ["7 nodes", ["  logos:pool:", "    min: 7", "    max: 7"], /pool[\s\S]*7/],
        ["unknown target", ["  logos:target: moon"], /logos:target[\s\S]*moon[\s\S]*lab/],
        ["missing workload path", ["  logos:workload:", "    repository: ./nowhere"], /nowhere/],
        [
          "unreachable commit",
          ["  logos:workload:", `    commit: "${"0123456789".repeat(4)}"`],
          /0123456789[\s\S]*(commit|repository)/,
        ],
        [
          "unreachable repository",
          ["  logos:workload:", "    repository: https://nowhere.invalid/x.git"],
          /nowhere\.invalid/,
        ],
        ["unknown key", ["  logos:pool:", "    minimum: 3"], /minimum/],
        ["wrong type", ["  logos:node:", "    cpus: many"], /cpus[\s\S]*many/],
        ["not a range", ["  logos:network:", "    cidr: 10.83.300.0/24"], /10\.83\.300\.0/],
      ];
      for (const [what, lines, message] of cases) {
        if (what === "not a range") lab.stack.configure(`${lines.join("\n")}\n`);
        else lab.configure(...lines);
        const run = await lab.stack.up();
        refused(what, run, message);
        progress(`${what}: refused`);
      }
      hold(Object.values(await lab.leftovers()).flat().length === 0, "something was made");
      await lab.end();
      return `${cases.length} mistakes, ${cases.length} messages, nothing made`;
    },
  },
  {
    name: "range-in-use",
    tag: "lab",
    statement: "An address range that this host uses already is refused, with a free one suggested.",
    seconds: 15,
    check: async () => {
      const lab = new Lab("claims-range", "10.83.16.0/24");
      await lab.init();
      execFileSync("ip", ["link", "add", "lgclaims0", "type", "bridge"]);
      try {
        execFileSync("ip", ["addr", "add", "10.83.16.77/28", "dev", "lgclaims0"]);
        const run = await lab.stack.up();
        refused("range in use", run, /10\.83\.16[\s\S]*(?:10|172|192)\.\d+\.\d+\.0\/24/);
      } finally {
        execFileSync("ip", ["link", "del", "lgclaims0"]);
        await lab.end();
      }
      return "refused with a suggestion";
    },
  },
  {
    name: "full-disk",
    tag: "lab",
    statement: "A full disk ends up with a message that says so; with room again the same command finishes.",
    seconds: 60,
    check: async () => {
      const lab = new Lab("claims-full", "10.83.17.0/24");
      await lab.init();
      const folder = join(lab.stack.folder, "small");
      mkdirSync(folder);
      const environment = { LOGOS_LAB_ROOT: folder };
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
      try {
        const run = await lab.stack.pulumi(["up", "--yes", "--skip-preview"], { environment });
        refused("full disk", run, /No space left|ENOSPC|disk is full|space/i);
      } finally {
        await lab.stack.pulumi(["destroy", "--yes", "--skip-preview"], { environment });
        execFileSync("umount", ["-R", folder]);
        rmSync(folder, { recursive: true });
      }
      await lab.up();
      await lab.end();
      return "refused, and brought up once there was room";
    },
  },
  {
    name: "wrong-host",
    tag: "lab",
    statement: "Without root, or where there is no Linux, the set-up says so before it downloads or compiles anything.",
    seconds: 1,
    check: async () => {
      const setup = (...before: string[]) => {
        const [program = "", ...args] = [...before, "sh", "toolchain/setup.sh", "lab"];
        const result = spawnSync(program, args, { cwd: repository, encoding: "utf8" });
        return { code: result.status, output: `${result.stdout}${result.stderr}` };
      };
      const user = setup("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
      hold(user.code === 1 && /needs root\. Run/.test(user.output), `as another user: ${user.code}: ${user.output}`);
      // A simulation: a `uname` that says what another system's would.
      const folder = mkdtempSync(join(tmpdir(), "logos-uname-"));
      writeFileSync(join(folder, "uname"), "#!/bin/sh\necho Darwin\n", { mode: 0o755 });
      const elsewhere = setup("env", `PATH=${folder}:${process.env.PATH}`);
      rmSync(folder, { recursive: true });
      hold(elsewhere.code === 1 && /needs Linux; this is Darwin/.test(elsewhere.output), elsewhere.output);
      return "2 hosts refused, each with its reason";
    },
  },
];

function refused(what: string, run: Run, message: RegExp): void {
  hold(run.code !== 0, `${what}: accepted`);
  hold(message.test(run.output), `${what}: the message is not there: ${run.output.slice(-1500)}`);
  hold(!/\n\s+at .*\.(ts|js):\d+/.test(run.output), `${what}: a stack trace: ${run.output.slice(-1500)}`);
  hold(changes(run).deleted === 0, `${what}: something was deleted`);
}

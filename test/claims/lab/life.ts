import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ended, signalProcess } from "../../../providers/lab/host/process.ts";
import { Lab } from "../../support/lab.ts";
import { familyOf } from "../../support/processes.ts";
import { changedNothing, changes, type Running, repository } from "../../support/stack.ts";
import { type Claim, hold } from "../claim.ts";

/** Claims about a stack's whole life: from a fresh clone, through kills at any moment, to nothing left. */
export const lifeClaims: readonly Claim[] = [
  {
    name: "destroy-leaves-nothing",
    tag: "lab",
    statement:
      "destroy leaves 0 machines, mounts, bridges, loop devices, processes and rules; a second destroy has 0 actions.",
    seconds: 60,
    check: async () => {
      const lab = new Lab("claims-gone", "10.83.12.0/24");
      await lab.init();
      lab.configure("  logos:pool:", "    min: 6");
      await lab.up();
      const down = await lab.stack.destroy();
      const left = Object.values(await lab.leftovers()).flat();
      const again = await lab.stack.destroy();
      await lab.end();
      hold(down.code === 0 && left.length === 0, `left: ${left.join(", ")}; ${down.output.slice(-1500)}`);
      hold(changes(again).deleted === 0 && again.code === 0, `second destroy: ${again.output.slice(-800)}`);
      return `6 nodes destroyed in ${down.seconds.toFixed(1)} s, 0 left; second destroy 0 actions`;
    },
  },
  {
    name: "killed-cli",
    tag: "lab",
    statement:
      "kill -9 of the CLI or the provider in the middle of up and destroy, 10 points each: the same command again converges.",
    seconds: 600,
    check: async (progress) => {
      const lab = new Lab("claims-kill", "10.83.13.0/24");
      await lab.init();
      const whole = (await lab.up()).seconds;
      const wholeDown = (await lab.stack.destroy()).seconds;
      for (let point = 0; point < 10; point += 1) {
        const victim = point % 2 === 0 ? "CLI" : "provider";
        await killDuring(lab, ["up", "--yes", "--skip-preview"], (whole * (point + 0.5)) / 10, victim);
        const up = await lab.stack.up();
        hold(up.code === 0, `up after killing the ${victim} at ${point}/10: ${up.output.slice(-2000)}`);
        hold((await lab.status()).ready === 3, `${(await lab.status()).ready} ready nodes`);
        const still = await lab.stack.up();
        hold(changedNothing(still), `the next up: ${JSON.stringify(changes(still))}`);

        await killDuring(lab, ["destroy", "--yes", "--skip-preview"], (wholeDown * (point + 0.5)) / 10, victim);
        const down = await lab.stack.destroy();
        const left = Object.values(await lab.leftovers()).flat();
        hold(
          down.code === 0 && left.length === 0,
          `destroy after killing the ${victim} at ${point}/10: ${left.join(", ")} ${down.output.slice(-2000)}`,
        );
        progress(`point ${point + 1} of 10 (${victim}): converged both ways`);
      }
      await lab.end();
      return "20 kills, 20 times the same command converged, no orphan";
    },
  },
  {
    name: "fresh-clone",
    tag: "lab",
    statement: "npm run up in a fresh clone brings up three proven nodes, with empty caches and again with full ones.",
    seconds: 900,
    check: async (progress) => {
      const temporary = mkdtempSync(join(tmpdir(), "logos-fresh-"));
      const clone = join(temporary, "clone");
      execFileSync("git", ["clone", "-q", repository, clone]);
      writeFileSync(join(clone, "Pulumi.claims-fresh.yaml"), "config:\n  logos:network:\n    cidr: 10.83.14.0/24\n");
      const environment: NodeJS.ProcessEnv = {
        PATH: (process.env.PATH ?? "")
          .split(":")
          .filter((part) => !part.includes("node_modules"))
          .join(":"),
        HOME: join(temporary, "home"),
        LOGOS_LAB_ROOT: join(temporary, "lab"),
      };
      execFileSync("mkdir", ["-p", join(temporary, "home")]);
      const npm = (script: string): { output: string; seconds: number } => {
        const start = performance.now();
        const output = execFileSync("npm", ["run", script, "--", "claims-fresh"], {
          cwd: clone,
          env: environment,
          encoding: "utf8",
          maxBuffer: 64 * 1024 * 1024,
          stdio: ["ignore", "pipe", "pipe"],
        });
        return { output, seconds: (performance.now() - start) / 1000 };
      };
      try {
        const cold = npm("up");
        hold(/3 of 3 nodes ready/.test(cold.output), cold.output.slice(-2000));
        progress(`empty caches: ${cold.seconds.toFixed(0)} s`);
        npm("down");
        const warm = npm("up");
        hold(/3 of 3 nodes ready/.test(warm.output), warm.output.slice(-2000));
        return `empty caches ${cold.seconds.toFixed(0)} s, full ones ${warm.seconds.toFixed(0)} s`;
      } finally {
        npm("down");
        execFileSync("chmod", ["-R", "u+w", temporary]);
        rmSync(temporary, { recursive: true, force: true });
      }
    },
  },
];

/** Starts a command, kills the CLI or the lab's provider after `seconds`, and waits until nothing of it runs. */
async function killDuring(lab: Lab, args: string[], seconds: number, victim: "CLI" | "provider"): Promise<void> {
  const running: Running = lab.stack.start(args);
  const cli = running.process.pid;
  if (cli === undefined) throw new Error("pulumi did not start");
  await Promise.race([delay(seconds * 1000), running.done]);
  const family = familyOf(cli);
  const wanted = victim === "CLI" ? /\/bin\/pulumi / : /providers\/lab\/provider\.ts/;
  for (const relative of family.filter(({ commandLine }) => wanted.test(commandLine)))
    signalProcess(relative, "SIGKILL");
  await running.done;
  for (const relative of family) {
    // The lab's machines and the pool's manager are meant to live on: they are no family of the CLI.
    if (!(await ended(relative, 60_000))) throw new Error(`still running a minute after: ${relative.commandLine}`);
  }
}

import { setTimeout as delay } from "node:timers/promises";
import { ended, signalProcess } from "../../../providers/lab/host/process.ts";
import { MetalStack } from "../../support/metal-stack.ts";
import { familyOf, type Relative } from "../../support/processes.ts";
import { changedNothing, changes, type Run, type Running } from "../../support/stack.ts";
import { type Claim, hold } from "../claim.ts";
import { Dice } from "../runs.ts";
import { leftOn, note, serves } from "./sights.ts";

const hosts = ["rack-1"] as const;
const servers = ["bastion", "control", ...hosts] as const;

interface Reach {
  /** How often the command is killed. */
  readonly kills: number;
  /** Each time at one of its next so many resources that begin or end, */
  readonly events: number;
  /** and up to so many seconds after. */
  readonly seconds: number;
}

/** 20 kills in all, spread so that the last ones meet the last resources. */
const reach: Readonly<Record<"bare" | "commit" | "destroy", Reach>> = {
  bare: { kills: 7, events: 36, seconds: 6 },
  commit: { kills: 6, events: 8, seconds: 5 },
  destroy: { kills: 7, events: 30, seconds: 1.5 },
};

/** Of servers that people own, set up and left under kills: what runs on them outlives the CLI, and is met again. */
export const killClaims: readonly Claim[] = [
  {
    name: "metal-kills",
    tag: "engine",
    statement:
      "kill -9 of the CLI and all that it started, at 20 random points of up and destroy: the same command converges, nothing is double.",
    seconds: 600,
    check: async (progress) => {
      const dice = new Dice();
      progress(`seed ${dice.seed}`);
      const metal = await MetalStack.install("claimskills", "10.87.0.0/24", hosts);
      const settle = () => metal.configure(hosts, ["  logos:pilot: true", '  logos:pool: {"min":1}']);
      let commits = 0;
      const another = async () => {
        commits += 1;
        const before = metal.workload;
        metal.workload = metal.signedWorkload((folder) => note(folder, `commit ${commits}`));
        before.remove();
        settle();
      };
      const killed = async (what: string, words: readonly string[], far: Reach, anew: () => Promise<unknown>) => {
        const points = await killedOften(metal, words, far, dice, anew, progress);
        progress(`${what}: converged after ${points.length} kills`);
      };
      try {
        settle();
        const up = ["up", "--yes", "--skip-preview"];
        await killed("up of bare servers", up, reach.bare, another);
        await holdOne(metal);
        await another();
        await killed("up of another commit", up, reach.commit, another);
        await holdOne(metal);
        await another();
        await killedAtWork(metal, up, dice);
        progress("up of a third commit: killed while the host rebuilds, and destroyed as it is");
        const down = ["destroy", "--yes", "--skip-preview"];
        await killed("destroy", down, reach.destroy, () => metal.up());
        const left = (await Promise.all(servers.map((name) => leftOn(metal, name)))).join("");
        hold(left === "", `left after destroy: ${left}`);
        const again = await metal.stack.destroy();
        hold(again.code === 0 && changes(again).deleted === 0, `a second destroy: ${again.output.slice(-1500)}`);
        const { bare, commit, destroy } = reach;
        return `${bare.kills + commit.kills} kills of up and ${destroy.kills} of destroy on ${servers.length} servers, seed ${dice.seed}: converged, 0 double, 0 left`;
      } finally {
        await metal.end();
      }
    },
  },
];

/**
 * Runs a command again and again, killed each time, until it was killed so often, and then to its end.
 * @param anew gives a command that came to its end too early something to do again
 * @returns what each killed run said last
 */
async function killedOften(
  metal: MetalStack,
  words: readonly string[],
  { kills, events, seconds }: Reach,
  dice: Dice,
  anew: () => Promise<unknown>,
  progress: (line: string) => void,
): Promise<readonly string[]> {
  const points: string[] = [];
  while (points.length < kills) {
    const at = { events: Math.floor(dice.between(0, events)), seconds: dice.between(0, seconds) };
    const run = await killedWhen(metal.stack.start([...words]), (seen) => seen.length >= at.events, at.seconds);
    if (run.code === killedCode) {
      points.push(lastEvent(run.output));
      progress(`${words[0]} killed after ${run.seconds.toFixed(0)} s at ${points.at(-1)}`);
    } else {
      hold(run.code === 0, `${words[0]} after ${points.length} kills, the last at ${points.at(-1)}: ${run.output}`);
      await anew();
    }
  }
  const last = await metal.stack.pulumi([...words]);
  hold(last.code === 0, `${words[0]} after ${points.length} kills, the last at ${points.at(-1)}: ${last.output}`);
  return points;
}

/** Kills an `up` when a step that outlives it is under way on the host: a destroy that comes next has to end that too. */
async function killedAtWork(metal: MetalStack, up: readonly string[], dice: Dice): Promise<void> {
  const smoke = `host-${hosts[0]}-smoke updating`;
  const run = await killedWhen(metal.stack.start([...up]), (seen) => seen.includes(smoke), dice.between(1, 6));
  hold(run.code === killedCode, `up was not killed at ${smoke}: ${run.output.slice(-1500)}`);
  const steps = await metal.servers.must(
    hosts[0],
    "systemctl list-units --no-legend --plain 'logos-step-apply-*' --state=active,activating",
  );
  hold(steps.trim() !== "", "nothing was under way on the host when up was killed");
}

/** What the run of a command that was killed has for a code. */
const killedCode = 137;

/** Kills the family when the run's events are such, and so many seconds more have passed. */
async function killedWhen(
  running: Running,
  reached: (events: readonly string[]) => boolean,
  seconds: number,
): Promise<Run> {
  let over = false;
  void running.done.then(() => {
    over = true;
  });
  while (!over && !reached(eventsOf(running.outputSoFar()))) await delay(20);
  await Promise.race([delay(seconds * 1000), running.done]);
  if (!over) await killFamily(running);
  return running.done;
}

/** The CLI and all that it started: plugins have process groups of their own. Stopped first, so that none starts another unseen. */
async function killFamily({ process: { pid } }: Running): Promise<void> {
  if (pid === undefined) throw new Error("The CLI has no process number");
  const stopped = new Map<number, Relative>();
  for (let fresh = familyOf(pid); fresh.length > 0; fresh = familyOf(pid).filter((one) => !stopped.has(one.pid))) {
    for (const relative of fresh) {
      signalProcess(relative, "SIGSTOP");
      stopped.set(relative.pid, relative);
    }
  }
  for (const relative of stopped.values()) signalProcess(relative, "SIGKILL");
  for (const relative of stopped.values())
    if (!(await ended(relative, 10_000))) throw new Error(`still running: ${relative.commandLine}`);
}

/** Beginnings and ends of resources, as `rack-1-install creating`; what a command prints meanwhile comes on such lines too. */
function eventsOf(output: string): readonly string[] {
  return [...output.matchAll(event)].map(({ groups }) => `${groups?.name} ${groups?.does ?? groups?.did}`);
}

const event =
  /^ [-+~ ]+\S+ (?<name>\S+) (?:(?<does>(?:creat|updat|replac|delet)ing) \(0s\)|(?<did>(?:creat|updat|replac|delet)ed) \()/gm;

function lastEvent(output: string): string {
  return eventsOf(output).at(-1) ?? "its start";
}

/** Each thing is there once: nothing changes any more, each host has one of everything and serves, and nothing is under way. */
async function holdOne(metal: MetalStack): Promise<void> {
  // Every command is safe to run again, so that what was under way in a killed run can be forgotten.
  const refresh = await metal.stack.pulumi(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  hold(changedNothing(refresh), `refresh: ${JSON.stringify(changes(refresh))} ${refresh.output.slice(-1500)}`);
  const still = await metal.apply();
  hold(changedNothing(still), `the next up: ${JSON.stringify(changes(still))} ${still.output.slice(-1500)}`);
  hold(!still.output.includes("pending operations"), `operations are pending: ${still.output.slice(-1500)}`);
  const nodes = await metal.nodes();
  const names = nodes.map(({ name }) => name).toSorted();
  hold(names.join() === hosts.join() && nodes.every(serves), `nodes: ${names.join()}`);
  for (const name of servers) {
    const double = (await metal.servers.must(name, `sudo sh -c '${doubles}'`)).trim();
    hold(double === "", `${name} has ${double}`);
  }
  for (const host of hosts) {
    const spec = await metal.servers.on(host, "sudo /usr/lib/logos/image-spec owned");
    hold(
      spec.code === 0,
      `${host}: ${spec.output
        .split("\n")
        .filter((line) => line.startsWith("not ok"))
        .join("; ")}`,
    );
  }
}

/** What a server has that it should have once, or no more: prints nothing on a sound one. */
const doubles = [
  // A user, a group or an address twice.
  "cut -d: -f1 /etc/passwd | sort | uniq -d",
  "cut -d: -f1 /etc/group | sort | uniq -d",
  'find /etc/systemd /etc/ssh /etc/sudoers.d /usr/lib/logos /etc/logos -name "*.installing" -o -name "*.new"',
  // A unit or drop-in that is there and that no recipe put there.
  'find /etc/systemd/system -type f -name "*logos*" | sort >/tmp/there; sort -u /etc/logos/installed | comm -23 /tmp/there -',
  "sort /etc/logos/installed | uniq -d",
  "nft list tables | grep logos | tail -n +2",
  'systemctl list-units --no-legend --plain "logos-step-*" --state=active,activating,deactivating',
  'grep -c " /var/logos-cache " /proc/mounts | grep -v -e ^0 -e ^1',
  "true",
].join("; ");

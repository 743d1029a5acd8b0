import { messageOf } from "../../../core/errors.ts";
import { Malformed } from "../../../core/json.ts";
import { machineCgroup } from "../../../core/lab/names.ts";
import { poolPaths } from "../../../core/lab/paths.ts";
import { parseVerdict } from "../../../core/verdict.ts";
import { processesIn } from "../host/cgroup.ts";
import { root } from "../host/root.ts";
import { CommandFailed } from "../host/run.ts";
import { until } from "../host/wait.ts";
import { execInMachine } from "../machine/exec.ts";
import { removeMachine, startMachine } from "../machine/lifecycle.ts";
import { killProcesses, runningProcess } from "../machine/process.ts";
import type { Journal, NodeRecord } from "./journal.ts";
import { makeKeys } from "./keys.ts";
import type { SlurmControl } from "./slurm.ts";
import { type PoolSpec, readCredentials } from "./spec.ts";

/** How long Slurm may take to let go of the jobs of a node that is gone. */
const completingMs = 10_000;

/** Launches a node: its record first, then its machine. Returns when the machine runs; its gate is still to come. */
export async function launchNode(spec: PoolSpec, name: string, journal: Journal, signal: AbortSignal): Promise<void> {
  const { labId, node, version, imageId } = spec;
  const started = { name, version, imageId, launchedAt: Date.now() };
  await journal.write(started);
  const keys = await makeKeys(name, poolPaths(root, labId, spec.name).secrets);
  await startMachine(
    {
      labId,
      name,
      group: "node",
      imageId,
      address: undefined,
      cpus: node.cpus,
      memoryMb: node.memoryMb,
      diskMb: node.diskMb,
      disks: [],
      ownDisks: [{ device: "cache", sizeMb: node.cacheDiskMb }],
      credentials: {
        ...(await readCredentials(spec)),
        "logos.ssh-host-key": keys.hostKey,
        "logos.disk-key": keys.diskKey,
      },
    },
    signal,
  );
  await journal.write({ ...started, startedAt: Date.now(), hostKeyPublic: keys.hostKeyPublic });
}

/**
 * Ends a node whose end was decided: machine, record in Slurm, record in the journal, in an order that can be cut off
 * anywhere and begun again. The machine is dead before Slurm is told, so that no job runs twice. One that was retired and
 * has work all the same is kept.
 */
export async function endNode(
  labId: string,
  record: NodeRecord,
  control: SlurmControl,
  journal: Journal,
): Promise<void> {
  // Asked anew: since its record was removed it may have registered again, and been given work by a person.
  if (record.ending?.how === "retired" && !(await control.forget(record.name))) {
    await journal.amend(record.name, { ending: undefined });
    return;
  }
  await killMachine(labId, record.name);
  const results = await Promise.allSettled([removeMachine(labId, record.name), leaveSlurm(labId, record, control)]);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  await journal.remove(record.name);
}

async function leaveSlurm(labId: string, { name, ending }: NodeRecord, control: SlurmControl): Promise<void> {
  const releaseJobs = () => control.releaseRequeued(async (other) => !(await machineLives(labId, other)));
  if (ending?.how === "fenced") {
    await control.down(name, ending.reason);
    await releaseJobs();
  }
  const gone = await until(async () => ((await control.forget(name)) ? true : undefined), {
    timeoutMs: completingMs,
    everyMs: 100,
  });
  if (gone === undefined) throw new Error(`Slurm still has work on ${name}, whose machine is gone`);
  // What was requeued meanwhile, and what an earlier end had to leave waiting.
  await releaseJobs();
}

/** Ends the machine at once, all of it: what it held was disposable, or is lost anyway. */
export async function killMachine(labId: string, name: string): Promise<void> {
  await killProcesses(labId, name);
}

/** Any process of the machine is left. */
export async function machineLives(labId: string, name: string): Promise<boolean> {
  return (await runningProcess(labId, name)) !== undefined || processesIn(machineCgroup(labId, name)).length > 0;
}

/**
 * What keeps a booting node from ever becoming ready, or undefined: the FAIL of its gate, or a unit before the gate that
 * failed.
 */
export async function bootFailure(labId: string, name: string): Promise<string | undefined> {
  const units = "logos-prepare.service logos-cache-disk.service logos-smoke.service";
  const script = `cat /run/logos/verdict.json 2>/dev/null || {
    failed=$(systemctl list-units --failed --plain --no-legend ${units} | cut -d ' ' -f 1)
    [ -z "$failed" ] || { echo $failed; journalctl --no-pager --output=cat --lines=15 $(printf ' --unit=%s' $failed); }
  }`;
  let said: string;
  try {
    said = (await execInMachine(labId, name, ["sh", "-c", script], { signal: AbortSignal.timeout(3000) })).trim();
  } catch (error) {
    // A machine that is just booting, or gone already, cannot be asked; whether it runs is seen elsewhere.
    if (error instanceof CommandFailed || (error instanceof Error && error.name === "TimeoutError")) return undefined;
    throw error;
  }
  if (said === "") return undefined;
  return said.startsWith("{") ? gateFailure(said) : `failed before its gate: ${said}`;
}

/** What a machine that did not become ready waits for and said last: units that are being started, those that failed, its journal. */
export async function lastWords(labId: string, name: string): Promise<string> {
  const script =
    "systemctl list-jobs --no-legend --plain; systemctl list-units --failed --no-legend --plain; journalctl --no-pager --output=short --lines=15";
  try {
    return (await execInMachine(labId, name, ["sh", "-c", script], { signal: AbortSignal.timeout(3000) })).trim();
  } catch (error) {
    return `it cannot be asked: ${messageOf(error)}`;
  }
}

function gateFailure(text: string): string | undefined {
  try {
    const verdict = parseVerdict(text, "/run/logos/verdict.json");
    if (verdict.result === "PASS") return undefined;
    const { id, message, outputTail } = verdict.firstFailure ?? {
      id: "setup",
      message: "no reason given",
      outputTail: "",
    };
    return `gate FAIL at ${id}: ${message}${outputTail === "" ? "" : `\n${outputTail}`}`;
  } catch (error) {
    if (error instanceof Malformed) return `gate FAIL: ${error.message}`;
    throw error;
  }
}

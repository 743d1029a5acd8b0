import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { messageOf } from "../../../core/errors.ts";
import { poolPaths } from "../../../core/lab/paths.ts";
import { isBusy } from "../../../core/slurm/nodes.ts";
import { root } from "../host/root.ts";
import { until } from "../host/wait.ts";
import { removeMachine } from "../machine/lifecycle.ts";
import type { Work } from "../resource.ts";
import { stopManager } from "./daemon.ts";
import { Journal } from "./journal.ts";
import { endNode, killMachine } from "./node.ts";
import { SlurmControl } from "./slurm.ts";
import { readSpec } from "./spec.ts";

/** How long jobs may take to end when the pool is removed; what still runs then is requeued. */
const drainMs = 5_000;

/** Removes a pool: no new work, a moment for what runs, then nodes, manager and folder. What is gone already is fine. */
export async function dissolve(labId: string, pool: string, work: Work): Promise<void> {
  const paths = poolPaths(root, labId, pool);
  if (!existsSync(paths.folder)) return;
  await stopManager(labId, pool);
  const journal = await Journal.open(labId, pool);
  const spec = await readSpec(labId, pool);
  const names = journal.all().map((record) => record.name);
  const control = spec === undefined ? undefined : new SlurmControl(labId, spec.controlName);
  const told = control !== undefined && (await drained(control, names, work));
  await Promise.all(
    journal.all().map(async (record) => {
      work.signal.throwIfAborted();
      const ending = { how: "fenced", reason: "the pool is removed" } as const;
      if (control !== undefined && told) return endNode(labId, { ...record, ending }, control, journal);
      await killMachine(labId, record.name);
      await removeMachine(labId, record.name);
      await journal.remove(record.name);
    }),
  );
  await rm(paths.secrets, { recursive: true, force: true });
  await rm(paths.folder, { recursive: true, force: true });
}

/** Drains all nodes and waits a moment for their work. False when Slurm cannot be asked: then it cannot be told either. */
async function drained(control: SlurmControl, names: readonly string[], work: Work): Promise<boolean> {
  try {
    const registered = [...(await control.nodes()).keys()].filter((name) => names.includes(name));
    if (registered.length === 0) return true;
    await control.drain(registered, "the pool is removed");
    const busy = async (): Promise<string[]> => {
      const nodes = await control.nodes();
      return registered.filter((name) => {
        const node = nodes.get(name);
        return node !== undefined && isBusy(node);
      });
    };
    let left: string[] = [];
    const idle = async () => {
      left = await busy();
      return left.length === 0 ? true : undefined;
    };
    if ((await until(idle, { timeoutMs: drainMs, everyMs: 200, signal: work.signal })) === undefined)
      work.warn(`Jobs still run on ${left.join(", ")}: they are ended and go back into the queue.`);
    return true;
  } catch (error) {
    work.signal.throwIfAborted();
    work.warn(`Slurm was not told that the pool goes: ${messageOf(error)}`);
    return false;
  }
}

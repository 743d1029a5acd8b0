import { rmSync, watch, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { poolPaths } from "../../../core/lab/paths.ts";
import { identityOf } from "../host/process.ts";
import { root } from "../host/root.ts";
import { Bell } from "./bell.ts";
import { DemandFeed } from "./feed.ts";
import { Journal } from "./journal.ts";
import { lockForLife } from "./lock.ts";
import { BoundedLog } from "./log.ts";
import { PoolManager } from "./manager.ts";

/** How often the processes of the machines and their gates are looked at, in milliseconds. */
const heartbeat = 100;

/** The manager's process: `node main.ts LAB POOL`. A second one for the same pool ends at once. */
async function main(labId: string, pool: string): Promise<void> {
  const paths = poolPaths(root, labId, pool);
  if (!lockForLife(paths.lock)) return;
  const self = identityOf(process.pid);
  if (self === undefined) throw new Error("/proc does not show this process");
  writeFileSync(paths.managerPid, `${self.pid} ${self.startTime}\n`);

  const log = new BoundedLog(paths.managerLog);
  const bell = new Bell();
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      stop.abort(new Error(`the manager was told to stop (${signal})`));
      bell.ring();
    });
  }
  const manager = new PoolManager(
    labId,
    pool,
    await Journal.open(labId, pool),
    bell,
    new DemandFeed(bell, (line) => log.line(line)),
    (line) => log.line(line),
    stop.signal,
  );
  const specWatch = watch(paths.folder, (_, file) => {
    if (file === basename(paths.spec)) bell.ring();
  });
  const machineWatch = setInterval(() => {
    if (manager.takeNews()) bell.ring();
  }, heartbeat);

  log.line(`manager ${self.pid} of pool ${labId}/${pool} begins`);
  await manager.run();
  clearInterval(machineWatch);
  specWatch.close();
  rmSync(paths.managerPid, { force: true });
}

const [labId, pool] = process.argv.slice(2);
if (labId === undefined || pool === undefined) throw new Error("usage: main.ts LAB POOL");
await main(labId, pool);

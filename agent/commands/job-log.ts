import { jobLogFolder, jobLogPort, keptLimit } from "../../core/jobs/log.ts";
import { logServer } from "../jobs/log-server.ts";
import { LogStore } from "../jobs/log-store.ts";
import { addressOf, findJobs } from "../jobs/scheduler.ts";

const pruneMs = 10 * 60_000;

/** `logos-agent job-log`: on the control plane, run by logos-job-log.service. Takes the jobs' output and records until it is stopped. */
export async function jobLogCommand(): Promise<number> {
  const store = new LogStore(jobLogFolder);
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const prune = () => {
    for (const folder of store.prune(keptLimit)) log(`removed ${folder}: more than ${keptLimit} bytes are kept`);
  };
  prune();
  setInterval(prune, pruneMs);
  const server = logServer(store, allocationOf, log);
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.on("close", resolve);
    server.listen(jobLogPort, "0.0.0.0");
    for (const signal of ["SIGTERM", "SIGINT"] as const)
      process.on(signal, () => {
        server.closeAllConnections();
        server.close();
      });
  });
  // The timer would keep the process.
  process.exit(0);
}

async function allocationOf(job: number) {
  const found = (await findJobs(job)).find(({ id }) => id === job);
  if (found === undefined) return undefined;
  const { state, restarts, node } = found;
  return { state, restarts, address: node === "" ? "" : await addressOf(node) };
}

import { type Job, jobsArguments, parseJobs, squeueEnvironment } from "../core/jobs/queue.ts";
import { Malformed, readJson } from "../core/json.ts";
import { parseNodes, type SlurmNode, slurmJsonOption } from "../core/slurm/nodes.ts";
import { Complaint } from "./complaint.ts";
import { ask, type Remote } from "./remote.ts";

/** What the scheduler says at one moment. */
export interface Cluster {
  readonly nodes: readonly SlurmNode[];
  readonly jobs: readonly Job[];
  /** Nodes that the work asks for, by the control plane; undefined where it publishes none. */
  readonly nodesWanted: number | undefined;
}

const demandPath = "/run/logos-demand/demand.json";
/** ASCII's record separator, which no JSON text holds. */
const separator = "\u001e";

const environment = Object.entries(squeueEnvironment)
  .map(([name, value]) => `${name}=${value}`)
  .join(" ");

export function squeueCommand(...args: readonly string[]): string {
  return [environment, "squeue", ...jobsArguments, ...args].join(" ");
}

/** @throws Complaint */
export async function readCluster(remote: Remote): Promise<Cluster> {
  const mark = "printf '\\036'";
  const command = [
    `scontrol show nodes ${slurmJsonOption}`,
    mark,
    squeueCommand(),
    mark,
    `{ cat ${demandPath} 2>/dev/null || true; }`,
  ].join(" && ");
  const [nodes = "", jobs = "", demand = ""] = (await ask(remote, command)).split(separator);
  return understood(() => ({ nodes: parseNodes(nodes), jobs: parseJobs(jobs), nodesWanted: parseWanted(demand) }));
}

/** @param all also those that ended in the last hour or so: as long as the scheduler remembers them */
export async function readJobs(remote: Remote, all: boolean): Promise<readonly Job[]> {
  const text = await ask(remote, squeueCommand(...(all ? ["--states=all"] : [])));
  return understood(() => parseJobs(text));
}

/** The job, or all tasks of an array; empty when the scheduler does not know it. @throws Complaint */
export async function readJob(remote: Remote, id: number): Promise<readonly Job[]> {
  // A job that the scheduler has forgotten is an error to squeue alone.
  const command = squeueCommand("--states=all", `--jobs=${id}`);
  const text = await ask(
    remote,
    `{ answer=$(${command} 2>&1) || case $answer in *[Ii]nvalid\\ job\\ id*) answer=;; *) echo "$answer" >&2; exit 1;; esac; printf %s "$answer"; }`,
  );
  return understood(() => (text.trim() === "" ? [] : parseJobs(text)));
}

export async function readNodes(remote: Remote): Promise<readonly SlurmNode[]> {
  const text = await ask(remote, `scontrol show nodes ${slurmJsonOption}`);
  return understood(() => parseNodes(text));
}

function parseWanted(text: string): number | undefined {
  if (text.trim() === "") return undefined;
  return readJson(text, "demand", (fields) => {
    fields.ignoreOthers();
    return fields.integer("nodesWanted", 0);
  });
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed)
      throw new Complaint(`The control plane's answer is not understood: ${error.message}`);
    throw error;
  }
}

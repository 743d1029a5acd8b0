import { readProc } from "../host/process.ts";
import { CommandFailed, type RunOptions, run } from "../host/run.ts";
import { until } from "../host/wait.ts";
import { UserError } from "../resource.ts";
import { endOfConsole } from "./files.ts";
import type { RunningMachine } from "./lifecycle.ts";
import { leaderOf, runningProcess } from "./process.ts";

/** How long a machine may take from its start until sshd answers; a busy host boots ten at a time. */
const sshTimeoutMs = 60_000;

/** Runs a command as root inside a machine, by its namespaces: needs no network and no key. Answers standard output. */
export async function execInMachine(
  labId: string,
  name: string,
  argv: readonly [string, ...string[]],
  options: RunOptions = {},
): Promise<string> {
  return run(await argvInMachine(labId, name, argv), options);
}

/** The same as a command line of this host. Throws when the machine does not run. */
export async function argvInMachine(
  labId: string,
  name: string,
  argv: readonly [string, ...string[]],
): Promise<[string, ...string[]]> {
  const process = await runningProcess(labId, name);
  const leader = process === undefined ? undefined : leaderOf(process);
  if (leader === undefined) throw new UserError(`The machine ${name} does not run.`);
  const namespaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
  return ["nsenter", `--target=${leader}`, ...namespaces, "--", ...argv];
}

/** Waits until sshd answers with its greeting. The error carries the end of the machine's console. */
export async function awaitSsh(machine: RunningMachine, signal?: AbortSignal): Promise<void> {
  const { labId, name } = machine;
  const answer = await until(() => sshState(machine), { timeoutMs: sshTimeoutMs, everyMs: 25, signal });
  if (answer === "ready") return;
  const what = answer === "dead" ? "ended while it booted" : `has no sshd after ${sshTimeoutMs / 1000} s`;
  throw new UserError(`The machine ${name} ${what}. The end of its console:\n${await endOfConsole(labId, name)}`);
}

async function sshState({ process }: RunningMachine): Promise<"ready" | "dead" | undefined> {
  const leader = leaderOf(process);
  if (leader === undefined) return "dead";
  if (!listensOnSsh(leader)) return undefined;
  return (await greets(leader)) ? "ready" : undefined;
}

/** A look at the machine's own socket table, which costs nothing, before a connection is tried. */
function listensOnSsh(leader: number): boolean {
  const tables = (readProc(`/proc/${leader}/net/tcp`) ?? "") + (readProc(`/proc/${leader}/net/tcp6`) ?? "");
  return /:0016 0+:0000 0A /.test(tables);
}

/** Connects from within the machine's network: by its rules, this host may reach the bastion alone. */
async function greets(leader: number): Promise<boolean> {
  const script = "exec 3<>/dev/tcp/127.0.0.1/22 && read -r -t 2 line <&3 && [[ $line == SSH-2.0-* ]]";
  try {
    await run(["nsenter", `--target=${leader}`, "--net", "--", "bash", "-c", script]);
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}

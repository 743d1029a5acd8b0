import { callOf } from "./call.ts";
import { removeDeadLocks } from "./locks.ts";
import { removeTornAttributes } from "./torn.ts";

/** Becomes the Pulumi CLI: the same process, so that signals, terminal and exit code are the CLI's own. */
export function becomeCli(args: readonly string[]): never {
  if (process.execve === undefined) throw new Error("This Node cannot replace itself by another program.");
  const call = callOf(args, process.env);
  removeDeadLocks(call.backend);
  removeTornAttributes(call.backend);
  return process.execve(call.program, ["pulumi", ...call.args], { ...call.environment });
}

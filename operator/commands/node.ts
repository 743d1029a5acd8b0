import { exitCodes } from "../../core/jobs/exit-codes.ts";
import { shellWord } from "../../core/jobs/submission.ts";
import { isBusy, isPlaceholder, type SlurmNode } from "../../core/slurm/nodes.ts";
import { healthReason, poolReason, respawnReason, standbyReason } from "../../core/slurm/reasons.ts";
import { readNodes } from "../cluster.ts";
import { Complaint } from "../complaint.ts";
import { isOwnHostAction, ownHostCommand, ownHostHelp } from "../node/command.ts";
import { readOptions, Usage } from "../options.ts";
import { ask } from "../remote.ts";
import type { Session } from "../session.ts";

export const nodeHelp = `Usage: logos node drain NODE [--reason TEXT]
       logos node resume NODE
       logos node respawn NODE [--reason TEXT]

  drain     no new work; what runs goes on, and the node stays until it is resumed
  resume    takes a drain of a person back
  respawn   no new work; when what runs has ended, the pool ends the node and starts another in its place

${ownHostHelp}`;

export async function nodeCommand(args: readonly string[], open: () => Session, stack: string): Promise<number> {
  if (isOwnHostAction(args[0])) return ownHostCommand(args, stack);
  const { values, positionals } = readOptions("node", {
    args: [...args],
    allowPositionals: true,
    options: { reason: { type: "string" } },
  });
  const [action, name, ...more] = positionals;
  if ((action !== "drain" && action !== "resume" && action !== "respawn") || name === undefined || more.length > 0)
    throw new Usage("Say what to do with which node: drain, resume or respawn, and its name.", "node");
  const { remote } = open();
  const node = findNode(name, await readNodes(remote));
  if (action === "resume") {
    const objection = whyNotResume(node);
    if (objection !== undefined) throw new Complaint(objection, exitCodes.refused);
  }
  await ask(remote, updateCommand(action, node.name, values.reason));
  process.stdout.write(`${told(action, node)}\n`);
  return 0;
}

/** @throws Complaint with the names there are */
export function findNode(name: string, nodes: readonly SlurmNode[]): SlurmNode {
  const real = nodes.filter((node) => !isPlaceholder(node));
  const found = real.find((node) => node.name === name);
  if (found !== undefined) return found;
  const names = real.map((node) => node.name).sort();
  throw new Complaint(
    `There is no node "${name}". There ${names.length === 1 ? "is" : "are"}: ${names.length === 0 ? "none" : names.join(", ")}.`,
    exitCodes.refused,
  );
}

/** A drain of the pool or of a health check is not a person's to take back. */
export function whyNotResume({ name, flags, reason }: SlurmNode): string | undefined {
  if (!flags.has("DRAIN")) return `Node ${name} is not drained: there is nothing to take back.`;
  if (reason.startsWith(healthReason))
    return `Node ${name} failed its health check (${reason}): it is replaced, and only a new gate admits it again.`;
  if (reason.startsWith(poolReason) || reason === standbyReason)
    return `Node ${name} was drained by the pool (${reason}), which decides over it.`;
  return undefined;
}

export function updateCommand(
  action: "drain" | "resume" | "respawn",
  name: string,
  reason = "asked for by a person",
): string {
  const update = ["scontrol", "update", `nodename=${name}`];
  if (action === "resume") return [...update, "state=resume"].map(shellWord).join(" ");
  const text = action === "respawn" ? `${respawnReason} ${reason}` : plain(reason);
  return [...update, "state=drain", `reason=${text}`].map(shellWord).join(" ");
}

/** A person's reason must not look like one that programs act on. */
function plain(reason: string): string {
  return [poolReason, healthReason, respawnReason, standbyReason].some((begin) => reason.startsWith(begin))
    ? `person: ${reason}`
    : reason;
}

function told(action: "drain" | "resume" | "respawn", node: SlurmNode): string {
  const busy = isBusy(node) ? " when its work is done" : "";
  if (action === "resume") return `Node ${node.name} takes work again`;
  if (action === "drain")
    return `Node ${node.name} takes no new work${isBusy(node) ? "; what runs there goes on" : ""}`;
  return `Node ${node.name} is replaced${busy}: follow it with \`logos status --watch\``;
}

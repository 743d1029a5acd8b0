import { sshPort } from "./guardrails.ts";
import { jobLogPort } from "./jobs/log.ts";
import type { FlowRule } from "./lab/resources.ts";
import { slurmPorts } from "./slurm/ports.ts";

/**
 * What may flow between machines, on every target. A person enters through the bastion, the scheduler and its nodes speak
 * with each other, and nothing else is open: the rules of the network, of which each machine repeats its own part.
 */
export const flowRules: readonly FlowRule[] = [
  { from: "operator", to: "bastion", protocol: "tcp", ports: [sshPort] },
  { from: "bastion", to: "control", protocol: "tcp", ports: [sshPort] },
  { from: "bastion", to: "builder", protocol: "tcp", ports: [sshPort] },
  { from: "bastion", to: "node", protocol: "tcp", ports: [sshPort] },
  // srun listens on the control plane for its tasks' output; jobs bring theirs to the log's port.
  { from: "node", to: "control", protocol: "tcp", ports: [slurmPorts.controller, jobLogPort, ...slurmPorts.srun] },
  { from: "control", to: "node", protocol: "tcp", ports: [slurmPorts.node] },
];

/** Ports as ranges of neighbours, from the lowest: firewalls of clouds take ranges, and count rules. */
export function portRanges(ports: readonly number[]): readonly { readonly from: number; readonly to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const port of [...ports].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && port <= last.to + 1) last.to = port;
    else ranges.push({ from: port, to: port });
  }
  return ranges;
}

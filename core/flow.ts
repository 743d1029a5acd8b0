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

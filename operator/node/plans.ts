import { checkoutFolder } from "./checklist.ts";
import { type NodeHost, systemctl } from "./host.ts";

/**
 * What a person does with a node that fails (node operations runbook, section 5), as the exact commands in their order. Plans
 * are texts: nothing here runs anything.
 */
export type Step =
  /** Run on the node. */
  | { readonly at: "node"; readonly why: string; readonly command: string }
  /** Run here, in this repository. */
  | { readonly at: "here"; readonly why: string; readonly argv: readonly string[] }
  /** Done with hands, or by a person at another machine: no program can. */
  | { readonly at: "hands"; readonly why: string; readonly command?: string };

export const actions = ["isolate", "rollback", "reimage", "decommission"] as const;
export type Action = (typeof actions)[number];

export interface Situation {
  readonly stack: string;
  readonly host: NodeHost;
  /** Units of ours on the node. */
  readonly units: readonly string[];
  /** The scheduler gives it work: it is drained before anything is ended. Not so in the operator profile, which has none. */
  readonly scheduled: boolean;
  /** Commit to revert, for `rollback`. */
  readonly commit: string | undefined;
}

export function plan(action: Action, situation: Situation): readonly Step[] {
  switch (action) {
    case "isolate":
      return isolate(situation);
    case "rollback":
      return rollback(situation);
    case "reimage":
      return reimage(situation);
    case "decommission":
      return decommission(situation);
  }
}

function quiet({ units, scheduled, host, stack }: Situation): readonly Step[] {
  const drain: Step = {
    at: "here",
    why: "takes no new work; what runs there goes on",
    argv: ["npx", "logos", "node", "drain", host.name, "--stack", stack],
  };
  const ends = units.flatMap((unit): readonly Step[] => [
    { at: "node", why: `ends ${unit}`, command: systemctl("stop", unit) },
    { at: "node", why: "and keeps it from starting at a boot", command: systemctl("disable", unit) },
  ]);
  return scheduled ? [drain, ...ends] : ends;
}

function isolate(situation: Situation): readonly Step[] {
  return [
    ...quiet(situation),
    {
      at: "hands",
      why: `Disconnect ${situation.host.name} (${situation.host.address}) from the network: pull its cable, or close its port of the switch. Leave it running: what is in its memory is evidence.`,
    },
  ];
}

function rollback({ host, units, commit }: Situation): readonly Step[] {
  return [
    {
      at: "here",
      why: "takes the commit back by a new one, which is reviewed like every other",
      argv: ["git", "revert", "--no-edit", commit ?? "COMMIT"],
    },
    { at: "hands", why: "Push it to where the nodes' checkouts come from, when it is reviewed.", command: "git push" },
    {
      at: "node",
      why: "brings the checkout to it; units are links into it",
      command: `git -C ${checkoutFolder} pull --ff-only`,
    },
    ...units.flatMap((unit): readonly Step[] => [
      { at: "node", why: `ends ${unit} of before`, command: systemctl("stop", unit) },
      { at: "node", why: "and starts it as it is now", command: systemctl("start", unit) },
      { at: "node", why: "look at what it says", command: systemctl("status", unit) },
    ]),
    {
      at: "hands",
      why: `When that does not mend it, the system is at fault: re-image ${host.name}.`,
      command: `npx logos node reimage ${host.name}`,
    },
  ];
}

function reimage(situation: Situation): readonly Step[] {
  const { host, stack } = situation;
  return [
    ...quiet(situation),
    {
      at: "hands",
      why: "Flash a fresh Debian 13 to the card, with the recipe of this node beside it.",
      command: `npx logos node image-recipe ${host.name} --stack ${stack} --out FOLDER`,
    },
    {
      at: "hands",
      why: "Boot it, and read its new host key at its own console: it is another machine from now on.",
      command: "cat /etc/ssh/ssh_host_ed25519_key.pub",
    },
    {
      at: "hands",
      why: "Write the key into the settings.",
      command: `npx pulumi config set --stack ${stack} --path 'metal.hosts[${host.index}].hostKey' 'ssh-ed25519 …'`,
    },
    {
      at: "hands",
      why: "See that all nine steps are done.",
      command: `npx logos node checklist ${host.name} --stack ${stack}`,
    },
    {
      at: "hands",
      why: "Give it its work again: everything is done anew for a new host key.",
      command: `npx pulumi up --stack ${stack}`,
    },
  ];
}

function decommission(situation: Situation): readonly Step[] {
  const { host, stack } = situation;
  return [
    ...quiet(situation),
    {
      at: "hands",
      why: "Take it out of the settings.",
      command: `npx pulumi config rm --stack ${stack} --path 'metal.hosts[${host.index}]'`,
    },
    {
      at: "hands",
      why: "And out of the stack. A host that answers is left clean; for one that does not, first forget it:",
      command: `npx pulumi up --stack ${stack}`,
    },
    {
      at: "hands",
      why: "only if it does not answer any more:",
      command: `npx pulumi state delete --stack ${stack} --target-dependents URN   # of host-${host.name}-member: npx pulumi stack --show-urns`,
    },
    { at: "hands", why: "Destroy the card, and the disk of the cache, or wipe both. Note who did it and when." },
  ];
}

/** The plan as a person reads it: each command exactly as it would be run. */
export function renderPlan(action: Action, host: NodeHost, steps: readonly Step[]): string {
  const width = String(steps.length).length;
  const lines = steps.flatMap((step, index) => {
    const number = String(index + 1).padStart(width);
    const command = commandOf(step, host);
    return [
      `${number}. ${step.at === "hands" ? "by hand: " : ""}${step.why}`,
      ...(command === undefined ? [] : [`${" ".repeat(width + 2)}$ ${command}`]),
    ];
  });
  return `${action} ${host.name} (${host.address})\n${lines.join("\n")}\n`;
}

export function commandOf(step: Step, host: NodeHost): string | undefined {
  if (step.at === "node") return `ssh ${host.name} '${step.command}'`;
  return step.at === "here" ? step.argv.join(" ") : step.command;
}

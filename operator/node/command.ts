import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publicHalf } from "../../core/config/metal.ts";
import { Malformed } from "../../core/json.ts";
import { Complaint } from "../complaint.ts";
import { readOptions, Usage } from "../options.ts";
import { repository } from "../pulumi.ts";
import { packagesOf, provisioning, renderReport, rules } from "./checklist.ts";
import { Evidence } from "./evidence.ts";
import { findHost, type MetalAccess, type NodeHost, readAccess, systemctl } from "./host.ts";
import { type Action, actions, commandOf, plan, renderPlan, type Step } from "./plans.ts";
import { imageRecipe } from "./recipe.ts";
import { NodeShell } from "./remote.ts";

export const ownHostHelp = `Hosts that people own (target metal), by the node operations runbook:
       logos node checklist HOST                        the nine steps and the rules, with evidence; changes nothing
       logos node isolate|reimage|decommission HOST     the exact commands; run only with --yes, at a terminal
       logos node rollback HOST --commit COMMIT         the same: take a commit back
       logos node service HOST VERB UNIT                VERB is start, stop, enable, disable or status
       logos node image-recipe HOST --gateway ADDRESS --repository URL [--out FOLDER]
`;

const names = ["checklist", "service", "image-recipe", ...actions] as const;

/** Is this a word of \`logos node\` that is about hosts of somebody's own? */
export function isOwnHostAction(word: string | undefined): boolean {
  return names.some((name) => name === word);
}

const folder = join(repository, "images", "operator");

/** @throws Complaint, Usage */
export async function ownHostCommand(args: readonly string[], stack: string): Promise<number> {
  const { values, positionals } = readOptions("node", {
    args: [...args],
    allowPositionals: true,
    options: {
      yes: { type: "boolean" },
      commit: { type: "string" },
      gateway: { type: "string" },
      repository: { type: "string" },
      "name-server": { type: "string", multiple: true },
      out: { type: "string" },
    },
  });
  const [word, name, ...more] = positionals;
  if (name === undefined) throw new Usage("Say which host.", "node");
  if (word === "service") return service(more, name, stack);
  if (more.length > 0) throw new Usage(`There is no use for "${more.join(" ")}".`, "node");
  const access = readAccess(stack);
  const host = findHost(access, name);
  if (word === "checklist") return checklist(host, stack, access);
  if (word === "image-recipe") {
    const { gateway, repository: url, out } = values;
    if (gateway === undefined || url === undefined)
      throw new Usage("A recipe needs --gateway and --repository.", "node");
    return recipe(host, access, { gateway, url, out, nameServers: values["name-server"] ?? [gateway] });
  }
  const action = actions.find((one) => one === word);
  if (action === undefined) throw new Usage(`There is no "${word}" for a host.`, "node");
  if (action === "rollback" && !/^[0-9a-f]{7,40}$/.test(values.commit ?? ""))
    throw new Usage("rollback takes --commit, a commit id.", "node");
  const steps = plan(action, {
    stack,
    host,
    units: access.profile === "operator" ? units() : ["slurmd.service"],
    scheduled: access.profile !== "operator",
    commit: values.commit,
  });
  process.stdout.write(renderPlan(action, host, steps));
  if (values.yes !== true) {
    process.stdout.write("Nothing was done: this is the dry run. A person runs it with --yes.\n");
    return 0;
  }
  return carryOut(action, host, steps, stack, access);
}

/** One call of systemctl on a host: the way by which this project manages a service there. */
function service([verb = "", unit = "", ...more]: readonly string[], name: string, stack: string): number {
  if (more.length > 0) throw new Usage("service takes HOST VERB UNIT.", "node");
  // Refused before anything is asked of anybody.
  const command = systemctl(verb, unit);
  const access = readAccess(stack);
  process.stdout.write(new NodeShell(stack, access).run(findHost(access, name), command));
  return 0;
}

function checklist(host: NodeHost, stack: string, access: MetalAccess): number {
  const text = new NodeShell(stack, access).run(host, "sh -s", readFileSync(join(folder, "evidence"), "utf8"));
  const expected = { host, packages: packagesOf(readFileSync(join(folder, "context.md"), "utf8")), isCommit };
  const evidence = readEvidence(text, host);
  const [steps, held] = [provisioning(evidence, expected), rules(evidence, expected)];
  process.stdout.write(renderReport(host.name, steps, held));
  return [...steps, ...held].every(({ done }) => done) ? 0 : 1;
}

function readEvidence(text: string, host: NodeHost): Evidence {
  try {
    return new Evidence(text, `evidence of ${host.name}`);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Complaint(`${error.message}. Nothing is known of ${host.name}; try again.`);
  }
}

function isCommit(id: string): boolean {
  if (!/^[0-9a-f]{40}$/.test(id)) return false;
  return spawnSync("git", ["-C", repository, "cat-file", "-e", `${id}^{commit}`], { stdio: "ignore" }).status === 0;
}

function units(): readonly string[] {
  return readdirSync(join(folder, "units")).toSorted();
}

function recipe(
  host: NodeHost,
  access: MetalAccess,
  {
    gateway,
    url,
    out,
    nameServers,
  }: { gateway: string; url: string; out: string | undefined; nameServers: readonly string[] },
): number {
  const operatorPublicKey = publicHalf(access.operatorKey);
  if (operatorPublicKey === undefined)
    throw new Complaint("metal.operatorKey is not set: nobody could log in to the node.");
  const packages = [...packagesOf(readFileSync(join(folder, "context.md"), "utf8"))].toSorted();
  const files = imageRecipe({ host, operatorPublicKey, gateway, nameServers, repository: url, packages });
  if (out === undefined) {
    for (const [name, text] of Object.entries(files)) process.stdout.write(`=== ${name}\n${text}`);
    return 0;
  }
  mkdirSync(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
  process.stdout.write(
    `${Object.keys(files).join(", ")} written to ${out}: copy them to the boot partition of the card.\n`,
  );
  return 0;
}

/** Only a person may: a program that runs this from a timer has no terminal. What takes hands is said again where it comes. */
function carryOut(action: Action, host: NodeHost, steps: readonly Step[], stack: string, access: MetalAccess): number {
  if (!process.stdin.isTTY)
    throw new Complaint(`${action} runs only by a person at a terminal: this call has none. Nothing was done.`);
  const shell = new NodeShell(stack, access);
  for (const step of steps) {
    const command = commandOf(step, host);
    process.stdout.write(
      `${step.at === "hands" ? "by hand: " : ""}${step.why}\n${command === undefined ? "" : `  $ ${command}\n`}`,
    );
    if (step.at === "node") process.stdout.write(shell.run(host, step.command));
    else if (step.at === "here") runHere(step.argv);
  }
  return 0;
}

function runHere([program = "", ...args]: readonly string[]): void {
  const { status } = spawnSync(program, args, { cwd: repository, stdio: "inherit" });
  if (status !== 0)
    throw new Complaint(`${program} ${args.join(" ")} ended with ${status}. What comes after it was not done.`);
}

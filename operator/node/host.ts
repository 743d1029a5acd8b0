import { Malformed, readJson } from "../../core/json.ts";
import { Complaint } from "../complaint.ts";
import { askPulumi } from "../pulumi.ts";

/** The only verbs by which services are managed (node operations runbook, section 4). */
export const serviceVerbs = ["start", "stop", "enable", "disable", "status"] as const;
export type ServiceVerb = (typeof serviceVerbs)[number];

/** A host of `metal.hosts`, with what it takes to reach it. */
export interface NodeHost {
  readonly name: string;
  readonly address: string;
  readonly user: string;
  readonly hostKey: string;
  /** Its place in `metal.hosts`. */
  readonly index: number;
}

export interface MetalAccess {
  readonly hosts: readonly NodeHost[];
  readonly bastion: { readonly address: string; readonly hostKey: string };
  /** OpenSSH private key. */
  readonly operatorKey: string;
  readonly profile: string;
}

/** Reads the settings of a stack, which are there before it is up. @throws Complaint when it is no stack of target metal. */
export function readAccess(stack: string): MetalAccess {
  const text = askPulumi(["config", "--json", "--show-secrets", "--stack", stack]);
  if (text === undefined)
    throw new Complaint(`The settings of stack "${stack}" cannot be read. Is there such a stack?`);
  try {
    return parseAccess(text, stack);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Complaint(
      `Stack "${stack}" has no hosts that people own (${error.message}). Choose a stack of target metal.`,
    );
  }
}

/** @throws Malformed; its text never holds the key. */
export function parseAccess(text: string, stack: string): MetalAccess {
  return readJson(text, `settings of stack "${stack}"`, (fields) => {
    fields.ignoreOthers();
    const metal = fields.object("logos:metal", (entry) => {
      entry.ignoreOthers();
      return entry.object("objectValue", (value) => {
        value.ignoreOthers();
        const hosts = value.objects("hosts", (host) => {
          host.ignoreOthers();
          return {
            name: host.string("name"),
            address: host.string("address"),
            user: host.has("user") ? host.string("user") : "operator",
            hostKey: host.string("hostKey"),
          };
        });
        return {
          hosts: hosts.map((host, index) => ({ ...host, index })),
          bastion: value.object("bastion", (bastion) => ({
            address: bastion.string("address"),
            hostKey: bastion.string("hostKey"),
          })),
          operatorKey: value.has("operatorKey") ? value.string("operatorKey") : "",
        };
      });
    });
    const profile = fields.has("logos:profile")
      ? fields.object("logos:profile", (entry) => {
          entry.ignoreOthers();
          return entry.string("value");
        })
      : "standard";
    return { ...metal, profile };
  });
}

/** @throws Complaint with the names there are */
export function findHost(access: MetalAccess, name: string): NodeHost {
  const host = access.hosts.find((one) => one.name === name);
  if (host !== undefined) return host;
  const names = access.hosts.map((one) => one.name).join(", ");
  throw new Complaint(`There is no host "${name}" in metal.hosts. There are: ${names === "" ? "none" : names}.`);
}

/** One call of systemctl. @throws Complaint at a verb that the runbook does not permit, or at a unit's name that is none */
export function systemctl(verb: string, unit: string): string {
  if (!serviceVerbs.some((one) => one === verb))
    throw new Complaint(
      `systemctl ${verb} is not permitted: services are managed by ${serviceVerbs.join(", ")} alone (runbook, section 4).`,
    );
  if (!/^[A-Za-z0-9@_.\\-]+\.(service|timer|socket|path|mount|target)$/.test(unit))
    throw new Complaint(`"${unit}" is not the name of a unit.`);
  return `sudo systemctl ${verb}${verb === "status" ? " --no-pager" : ""} ${unit}`;
}

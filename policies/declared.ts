import { planAddresses } from "../core/addresses.ts";
import { parseConfig } from "../core/config/parse.ts";
import type { SubstrateConfig } from "../core/config/schema.ts";
import { googleRanges } from "../core/guardrails.ts";
import { leastRetentionDays } from "./configuration.ts";

/** What can be declared, in the form that the file for `--policy-pack-config` has under its key `configuration`. */
export type Declared = Readonly<Record<string, unknown>>;

/**
 * What a stack declares by its own settings: whose profile it is, from where operators come and where they arrive, how its audit log
 * is kept, whose account it is. Nothing, which is the strictest, where the settings are none that the program would take.
 *
 * @param settings every setting as the engine has it, by full key (`logos:access`) → text; objects as JSON.
 * @param project the project's name, which its own settings have before the colon.
 */
export function declaredBy(settings: Readonly<Record<string, string>>, project: string): Declared {
  const own = Object.entries(settings).flatMap(([key, value]) => {
    const [namespace, ...name] = key.split(":");
    return namespace === project ? [[name.join(":"), value] as const] : [];
  });
  const parsed = parseConfig(Object.fromEntries(own), project);
  return parsed.ok ? declaredIn(parsed.config) : {};
}

/** The same of settings that were read. */
export function declaredIn({ profile, access, data, network, place }: SubstrateConfig): Declared {
  const plan = planAddresses(network.cidr);
  const tunnelled = access.by === "tunnel";
  const declared = {
    profile,
    operatorRanges: access.ranges,
    // The retention that the guardrails ask for at least is not the stack's to lower.
    audit: { retentionDays: Math.max(data.retentionDays, leastRetentionDays), lock: data.lock },
  };
  switch (place.target) {
    case "lab":
      return declared;
    case "metal":
      return { ...declared, bastion: { addresses: [place.metal.bastion.address] } };
    case "aws":
      return {
        ...declared,
        ...(tunnelled ? { operatorRanges: [] } : {}),
        // The endpoint of EC2 Instance Connect is part of the network, and leads to the bastion alone.
        bastion: { addresses: [plan.bastion], securityGroups: tunnelled ? ["network-tunnel"] : [] },
        accounts: [place.aws.account],
      };
    case "gcp":
      return {
        ...declared,
        ...(tunnelled ? { operatorRanges: [googleRanges.tunnels] } : {}),
        bastion: { addresses: [plan.bastion] },
      };
    case "azure":
      return {
        ...declared,
        // Azure Bastion takes calls from everywhere, and its directory decides who passes.
        ...(tunnelled ? { operatorRanges: [], tunnel: [plan.tunnel] } : {}),
        bastion: { addresses: [plan.bastion] },
      };
  }
}

import type { AddressPlan } from "../../core/addresses.ts";
import { googleRanges } from "../../core/guardrails.ts";
import type { FlowRule } from "../../core/lab/resources.ts";
import { type Role, roles } from "../../core/roles.ts";
import { slurmPorts } from "../../core/slurm/ports.ts";
import type { Access } from "../contract.ts";

/**
 * The rules of the network, as Google's firewall takes them: machines are told by their service account, which no machine
 * can give itself, never by a tag. What comes in and what goes out is said apart, and the rest is dropped and logged.
 */
export interface FirewallSpec {
  readonly name: string;
  readonly direction: "INGRESS" | "EGRESS";
  readonly action: "allow" | "deny";
  readonly protocol: "tcp" | "udp" | "all";
  readonly ports: readonly number[];
  /** The machines that the rule is about; all where there are none. */
  readonly targets: readonly Role[];
  /** Where what comes in comes from. */
  readonly sources: readonly Role[];
  /** The same as ranges, and where what goes out goes to. */
  readonly ranges: readonly string[];
  readonly priority: number;
}

/**
 * Google's own services, as machines without a public address reach them: the range that serves only what a perimeter of
 * VPC Service Controls may hold. https://cloud.google.com/vpc/docs/configure-private-google-access
 */
export const restrictedApi = {
  range: "199.36.153.4/30",
  addresses: ["199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"],
} as const;
/** Roles whose machines are set up over SSH, and fetch what they need. */
export const setUpRoles = ["bastion", "control", "builder"] as const satisfies readonly Role[];

const allow = { action: "allow", protocol: "tcp", sources: [], ranges: [], priority: 1000 } as const;
const deny = {
  action: "deny",
  protocol: "all",
  ports: [],
  targets: [],
  sources: [],
  ranges: ["0.0.0.0/0"],
  priority: 65_000,
} as const;

export interface FirewallArgs {
  readonly rules: readonly FlowRule[];
  readonly plan: AddressPlan;
  readonly packageRanges: readonly string[];
}

/** What lets operators in, and nobody else: to the bastion. */
export function entranceOf(rules: readonly FlowRule[], access: Access): readonly FirewallSpec[] {
  return rules
    .filter(({ from }) => from === "operator")
    .map(({ to, protocol, ports }) => ({
      ...allow,
      name: `operator-to-${to}`,
      direction: "INGRESS",
      protocol,
      ports,
      targets: [to],
      ranges: operatorRangesOf(access),
    }));
}

export function firewallOf({ rules, plan, packageRanges }: FirewallArgs): readonly FirewallSpec[] {
  const addresses: Readonly<Record<Role, string>> = {
    bastion: `${plan.bastion}/32`,
    control: `${plan.control}/32`,
    builder: plan.setup,
    node: plan.nodes,
  };
  return [
    ...rules.flatMap(({ from, to, protocol, ports }): readonly FirewallSpec[] => {
      const flow = { ...allow, protocol, ports, priority: 1000 } as const;
      const into = { ...flow, name: `${from}-to-${to}`, direction: "INGRESS", targets: [to] } as const;
      // Part of the bastion: see `entranceOf`.
      if (from === "operator") return [];
      return [
        { ...into, sources: [from] },
        { ...flow, name: `${from}-out-to-${to}`, direction: "EGRESS", targets: [from], ranges: [addresses[to]] },
      ];
    }),
    // slurmd listens only on a node that passed its gate, so that its port says whether the node is well.
    {
      ...allow,
      name: "health-to-node",
      direction: "INGRESS",
      ports: [slurmPorts.node],
      targets: ["node"],
      ranges: googleRanges.healthChecks,
    },
    {
      ...allow,
      name: "out-to-google",
      direction: "EGRESS",
      ports: [443],
      targets: roles,
      ranges: [restrictedApi.range],
    },
    {
      ...allow,
      name: "out-to-packages",
      direction: "EGRESS",
      ports: [80, 443],
      targets: setUpRoles,
      ranges: packageRanges,
    },
    { ...deny, name: "nothing-else-in", direction: "INGRESS" },
    { ...deny, name: "nothing-else-out", direction: "EGRESS" },
  ];
}

/** What the bastion sees its operators come from. */
export function operatorRangesOf(access: Access): readonly string[] {
  return access.by === "tunnel" ? [googleRanges.tunnels] : access.ranges;
}

import { describe, expect, it } from "vitest";
import {
  endpointRules,
  type FirewallInput,
  roleRules,
  type SecurityRule,
  tunnelRules,
} from "../../../components/azure/firewall.ts";
import { subnetRanges } from "../../../components/azure/subnets.ts";
import { planAddresses } from "../../../core/addresses.ts";
import { flowRules } from "../../../core/flow.ts";
import { contains, parseAddress, parseCidr } from "../../../core/net.ts";
import { roles } from "../../../core/roles.ts";

const plan = planAddresses("10.83.0.0/24");
const ranges = subnetRanges(plan);
const input: FirewallInput = {
  flows: flowRules,
  ranges,
  access: { by: "address", ranges: ["198.51.100.7/32"] },
  packageRanges: ["203.0.113.0/25"],
  addresses: { bastion: plan.bastion, control: plan.control },
};

/** What Azure would decide: the first rule that fits, by priority. */
function decides(
  rules: readonly SecurityRule[],
  direction: SecurityRule["direction"],
  { from, to, port }: { readonly from: string; readonly to: string; readonly port: number },
): string {
  const first = rules
    .filter((rule) => rule.direction === direction)
    .toSorted((a, b) => a.priority - b.priority)
    .find(
      (rule) =>
        rule.sourceAddressPrefixes.some((prefix) => holds(prefix, from)) &&
        rule.destinationAddressPrefixes.some((prefix) => holds(prefix, to)) &&
        rule.destinationPortRanges.some((range) => portIn(range, port)),
    );
  return first?.access ?? "Azure's own rules";
}

function holds(prefix: string, address: string): boolean {
  const isPrivate = address.startsWith("10.83.0.");
  if (prefix === "*") return true;
  if (prefix === "VirtualNetwork") return isPrivate;
  if (prefix === "Internet") return !isPrivate;
  const range = parseCidr(prefix);
  const number = parseAddress(address);
  return range !== undefined && number !== undefined && contains(range, number);
}

function portIn(range: string, port: number): boolean {
  if (range === "*") return true;
  const [first, last = first] = range.split("-").map(Number);
  return first !== undefined && last !== undefined && first <= port && port <= last;
}

const at = { bastion: "10.83.0.4", control: "10.83.0.20", builder: "10.83.0.28", node: "10.83.0.140" } as const;

describe("the subnets", () => {
  it("lie inside the range, and do not overlap", () => {
    expect(ranges).toEqual({
      bastion: "10.83.0.0/28",
      control: "10.83.0.16/29",
      builder: "10.83.0.24/29",
      endpoints: "10.83.0.32/27",
      tunnel: "10.83.0.64/26",
      node: "10.83.0.128/25",
    });
  });

  it("leave their fixed addresses to the machines that have them", () => {
    expect(holds(ranges.bastion, plan.bastion)).toBe(true);
    expect(holds(ranges.control, plan.control)).toBe(true);
  });
});

describe("the firewall of a role", () => {
  it.each(roles.flatMap((from) => roles.map((to) => [from, to] as const)))(
    "lets through from %s to %s what the flows name, on both sides, and nothing else",
    (from, to) => {
      const named = flowRules.filter((flow) => flow.from === from && flow.to === to).flatMap(({ ports }) => ports);
      for (const port of [22, 80, 443, 6817, 6818, 8479, 60_001, 60_063, 60_064, ...named]) {
        const expected = named.includes(port) ? "Allow" : "Deny";
        const flow = { from: at[from], to: at[to], port };
        expect(decides(roleRules(to, input), "Inbound", flow), `${port} in`).toBe(expected);
        expect(decides(roleRules(from, input), "Outbound", flow), `${port} out`).toBe(expected);
      }
    },
  );

  it("takes SSH from the operators' ranges on the bastion, and from nowhere else", () => {
    const visit = (from: string, role: keyof typeof at) =>
      decides(roleRules(role, input), "Inbound", { from, to: at[role], port: 22 });
    expect(visit("198.51.100.7", "bastion")).toBe("Allow");
    expect(visit("198.51.100.8", "bastion")).toBe("Deny");
    for (const role of ["control", "builder", "node"] as const) expect(visit("198.51.100.7", role)).toBe("Deny");
  });

  it("takes SSH from Azure Bastion's subnet alone where that is the way in", () => {
    const tunnel: FirewallInput = { ...input, access: { by: "tunnel", localPort: 2222 } };
    const visit = (from: string) =>
      decides(roleRules("bastion", tunnel), "Inbound", { from, to: at.bastion, port: 22 });
    expect(visit("10.83.0.70")).toBe("Allow");
    expect(visit("198.51.100.7")).toBe("Deny");
    expect(decides(tunnelRules(tunnel), "Outbound", { from: "10.83.0.70", to: at.bastion, port: 22 })).toBe("Allow");
    expect(decides(tunnelRules(tunnel), "Outbound", { from: "10.83.0.70", to: at.node, port: 22 })).toBe("Deny");
  });

  it.each(["bastion", "control", "builder"] as const)(
    "lets %s fetch packages from the allowed ranges alone",
    (role) => {
      const fetch = (to: string, port: number) =>
        decides(roleRules(role, input), "Outbound", { from: at[role], to, port });
      expect([fetch("203.0.113.5", 443), fetch("203.0.113.5", 80)]).toEqual(["Allow", "Allow"]);
      expect([fetch("203.0.113.5", 22), fetch("203.0.113.200", 443), fetch("8.8.8.8", 443)]).toEqual(
        Array.from({ length: 3 }, () => "Deny"),
      );
    },
  );

  it("lets a node reach the stack's own services, and nothing of the Internet", () => {
    const reach = (to: string, port: number) =>
      decides(roleRules("node", input), "Outbound", { from: at.node, to, port });
    expect(reach("10.83.0.36", 443)).toBe("Allow");
    expect([reach("203.0.113.5", 443), reach("8.8.8.8", 53), reach("10.83.0.36", 80)]).toEqual(
      Array.from({ length: 3 }, () => "Deny"),
    );
    expect(decides(endpointRules(input), "Inbound", { from: at.node, to: "10.83.0.36", port: 443 })).toBe("Allow");
    expect(decides(endpointRules(input), "Outbound", { from: "10.83.0.36", to: at.node, port: 443 })).toBe("Deny");
  });

  it("numbers its rules without repeating itself", () => {
    for (const rules of [...roles.map((role) => roleRules(role, input)), endpointRules(input), tunnelRules(input)]) {
      for (const direction of ["Inbound", "Outbound"] as const) {
        const numbers = rules.filter((rule) => rule.direction === direction).map(({ priority }) => priority);
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(Math.max(...numbers)).toBe(4096);
        expect(Math.min(...numbers)).toBeGreaterThanOrEqual(100);
      }
      expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    }
  });
});

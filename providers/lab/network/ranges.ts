import { bridgeName } from "../../../core/lab/names.ts";
import { labsFolder } from "../../../core/lab/paths.ts";
import { type Cidr, formatCidr, freeRange, overlaps, parseAddress, parseCidr, size } from "../../../core/net.ts";
import { namesIn } from "../host/files.ts";
import { root } from "../host/root.ts";
import { run } from "../host/run.ts";
import { UserError } from "../resource.ts";
import { isRecord } from "../shape.ts";
import { readNetwork } from "./record.ts";

export interface UsedRange {
  readonly range: Cidr;
  /** Who uses it, for people. */
  readonly by: string;
}

/** Refuses a range that this host or another lab uses, and names one that is free. */
export async function requireFree(labId: string, cidr: Cidr): Promise<void> {
  const used = [...(await hostRanges(bridgeName(labId))), ...(await otherLabs(labId))];
  const clash = used.find((other) => overlaps(other.range, cidr));
  if (clash === undefined) return;
  const free = freeRange(
    { base: cidr.base + size(cidr), prefix: 24 },
    used.map((other) => other.range),
  );
  const hint = free ? ` ${formatCidr(free)} is free.` : "";
  throw new UserError(
    `The range ${formatCidr(cidr)} overlaps ${formatCidr(clash.range)}, which ${clash.by} uses.${hint}`,
  );
}

/** Ranges in the answers of `ip -json address` and `ip -json route`, without those of one device. */
export function rangesOf(addresses: unknown, routes: unknown, without: string): UsedRange[] {
  const ranges: UsedRange[] = [];
  for (const link of records(addresses)) {
    for (const entry of records(link.addr_info)) {
      if (link.ifname !== without) add(ranges, `${entry.local}/${entry.prefixlen}`, `the interface ${link.ifname}`);
    }
  }
  for (const route of records(routes)) {
    if (route.dev !== without && route.dst !== "default") {
      add(ranges, String(route.dst), `a route by ${route.dev ?? "no device"}`);
    }
  }
  return ranges;
}

async function hostRanges(without: string): Promise<UsedRange[]> {
  const addresses: unknown = JSON.parse(await run(["ip", "-4", "-json", "address"]));
  const routes: unknown = JSON.parse(await run(["ip", "-4", "-json", "route", "show", "table", "all"]));
  return rangesOf(addresses, routes, without);
}

async function otherLabs(labId: string): Promise<UsedRange[]> {
  const ranges: UsedRange[] = [];
  for (const other of await namesIn(labsFolder(root))) {
    const network = other === labId ? undefined : await readNetwork(other);
    if (network !== undefined) add(ranges, network.cidr, `the lab ${other}`);
  }
  return ranges;
}

/** Addresses come with the prefix of their network, routes to one address with none. */
function add(ranges: UsedRange[], textual: string, by: string): void {
  const [address, length] = textual.split("/");
  const base = parseAddress(address ?? "");
  if (base === undefined) return;
  const prefix = Number(length ?? 32);
  const first = base - (base % 2 ** (32 - prefix));
  const range = parseCidr(formatCidr({ base: first, prefix }));
  if (range !== undefined) ranges.push({ range, by });
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

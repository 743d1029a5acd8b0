/**
 * What the resources of a stack cost a month. Each cloud has a table beside this file: figures that somebody looked up or
 * estimated on the day they carry, for the size of a bill and not for its cents. No I/O.
 */

/** A resource as the program declares it. An input that is not known before the resource stands is absent. */
export interface InventoryItem {
  /** Type token, for example `gcp:compute/instance:Instance`. */
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** US dollars a month. */
export interface MonthlyCost {
  /** With the pool at its least. */
  readonly usd: number;
  /** With the pool at its most; absent where its size does not matter. */
  readonly mostUsd?: number;
  /** What was counted, for example "c3-highcpu-8, 3 to 6 of them". */
  readonly basis: string;
}

/** @param all everything that the stack declares: a pool's price stands in its template, its number elsewhere. */
export type Price = (item: InventoryItem, all: readonly InventoryItem[]) => MonthlyCost;

export interface CostTable {
  /** Day on which the figures were last looked at, YYYY-MM-DD. */
  readonly asOf: string;
  /** Whose prices they are: a region, on demand, without discounts and taxes. */
  readonly region: string;
  readonly priced: Readonly<Record<string, Price>>;
  /** Types that cost nothing by themselves. */
  readonly free: readonly string[];
}

/** One line of an inventory. */
export interface CostLine {
  readonly item: InventoryItem;
  /** Undefined where the resource is free. */
  readonly cost: MonthlyCost | undefined;
}

export interface Costs {
  readonly lines: readonly CostLine[];
  /** Sums, in US dollars a month, with the pool at its least and at its most. */
  readonly usd: number;
  readonly mostUsd: number;
}

export const hoursPerMonth = 730;

/**
 * Puts a price to everything.
 * @throws TypeError naming the types that the table does not know: a cost that nobody thought of is not zero.
 */
export function costsOf(items: readonly InventoryItem[], table: CostTable): Costs {
  const unknown = new Set<string>();
  const lines = items.map((item): CostLine => {
    const price = table.priced[item.type];
    if (price !== undefined) return { item, cost: price(item, items) };
    if (!table.free.includes(item.type) && !isFreeEverywhere(item.type)) unknown.add(item.type);
    return { item, cost: undefined };
  });
  if (unknown.size > 0) throw new TypeError(`The table of costs says nothing of ${[...unknown].toSorted().join(", ")}`);
  const sum = (of: (cost: MonthlyCost) => number) =>
    lines.reduce((total, { cost }) => (cost === undefined ? total : total + of(cost)), 0);
  return { lines, usd: sum((cost) => cost.usd), mostUsd: sum((cost) => cost.mostUsd ?? cost.usd) };
}

/** Components, this repository's own provider, and what runs on machines that are counted themselves. */
function isFreeEverywhere(type: string): boolean {
  return ["logos:", "lab:", "command:", "pulumi:"].some((prefix) => type.startsWith(prefix));
}

/** Bounds of the pool as its component says them, standby nodes apart. */
export function poolSize(all: readonly InventoryItem[]): {
  readonly min: number;
  readonly max: number;
  readonly standby: number;
} {
  const pool = all.find(({ type }) => type === "logos:substrate:NodePool");
  if (pool === undefined) throw new TypeError("There is no logos:substrate:NodePool among the resources");
  return { min: numberAt(pool, "min"), max: numberAt(pool, "max"), standby: numberAt(pool, "standby") };
}

/** A cost that grows with the pool's working nodes; `standbyUsd` is what each node on standby costs. */
export function perNode(all: readonly InventoryItem[], usd: number, standbyUsd: number, basis: string): MonthlyCost {
  const { min, max, standby } = poolSize(all);
  const waiting = standby * standbyUsd;
  return {
    usd: min * usd + waiting,
    mostUsd: max * usd + waiting,
    basis: `${basis}, ${min} to ${max} of them and ${standby} on standby`,
  };
}

/**
 * An input by its path, for example `textAt(item, "bootDisk.initializeParams.type")`; a number is a part of the path too.
 * @throws TypeError naming the resource and the path.
 */
export function textAt(item: InventoryItem, path: string): string {
  const value = valueAt(item, path);
  if (typeof value === "string") return value;
  throw new TypeError(`${item.type} "${item.name}" has no text at ${path}`);
}

/** As {@link textAt}; digits as text count, for the clouds whose types are strings. */
export function numberAt(item: InventoryItem, path: string): number {
  const value = valueAt(item, path);
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw new TypeError(`${item.type} "${item.name}" has no number at ${path}`);
}

/** The price of a kind out of a table of prices. */
export function priceOf(prices: Readonly<Record<string, number>>, kind: string, table: string): number {
  const price = prices[kind];
  if (price === undefined)
    throw new TypeError(`The table of ${table} has no "${kind}"; it has ${Object.keys(prices).join(", ")}`);
  return price;
}

function valueAt(item: InventoryItem, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null) return undefined;
    return Object.entries(value).find(([name]) => name === key)?.[1];
  }, item.inputs);
}

import type { CostLine, Costs, CostTable, InventoryItem } from "../core/costs/cost.ts";

/** The inventory as people read it: every resource on a line, then the sum, and whose prices these are. */
export function renderInventory(costs: Costs, table: CostTable): string {
  const lines = costs.lines.filter(({ item }) => !isComponent(item)).toSorted(byTypeAndName);
  const rows = [
    ["resource", "name", "USD a month", "at most", "what was counted"],
    ...lines.map(({ item, cost }) => [
      shortType(item.type),
      item.name,
      cost === undefined ? "" : dollars(cost.usd),
      cost?.mostUsd === undefined ? "" : dollars(cost.mostUsd),
      cost?.basis ?? "",
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const components = costs.lines.length - lines.length;
  return [
    ...rows.map((row) =>
      row
        .map((cell, column) => aligned(cell, column, widths[column]))
        .join("  ")
        .trimEnd(),
    ),
    "",
    `${lines.length} resources in ${components} components.`,
    `Together ${dollars(costs.usd)} USD a month with the pool at its least, ${dollars(costs.mostUsd)} at its most.`,
    `Estimates of ${table.asOf} for ${table.region}, on demand, without discounts and taxes.`,
    "",
  ].join("\n");
}

function isComponent({ type }: InventoryItem): boolean {
  return type.startsWith("logos:") || type.startsWith("pulumi:");
}

/** `gcp:compute/instance:Instance` → `gcp compute Instance`. */
function shortType(type: string): string {
  const [owner = "", module = "", name = ""] = type.split(":");
  const folder = module.split("/")[0];
  return [owner, ...(folder === "index" ? [] : [folder]), name].join(" ");
}

function byTypeAndName(a: CostLine, b: CostLine): number {
  return shortType(a.item.type).localeCompare(shortType(b.item.type)) || a.item.name.localeCompare(b.item.name);
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}

/** Numbers stand to the right. */
function aligned(cell: string, column: number, width = 0): string {
  return column === 2 || column === 3 ? cell.padStart(width) : cell.padEnd(width);
}

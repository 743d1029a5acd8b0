import type { CloudTable } from "./table.ts";

/** The tables by package; loaded one by one, since a provider's process needs its own alone. */
const loaders: Readonly<Record<CloudTable["package"], () => Promise<CloudTable>>> = {
  aws: async () => (await import("../aws/table.ts")).table,
  gcp: async () => (await import("../gcp/table.ts")).table,
  "azure-native": async () => (await import("../azure/table.ts")).table,
};

export const cloudPackages = ["aws", "gcp", "azure-native"] as const satisfies readonly CloudTable["package"][];

export async function tableOf(packageName: string): Promise<CloudTable> {
  const known = cloudPackages.find((name) => name === packageName);
  if (known === undefined)
    throw new Error(`There is no simulated ${packageName}: ${cloudPackages.join(", ")}, command`);
  return loaders[known]();
}

export function allTables(): Promise<readonly CloudTable[]> {
  return Promise.all(cloudPackages.map(tableOf));
}

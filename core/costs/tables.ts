import type { TargetName } from "../config/targets.ts";
import { awsCosts } from "./aws.ts";
import { azureCosts } from "./azure.ts";
import type { CostTable } from "./cost.ts";
import { gcpCosts } from "./gcp.ts";

/** What each target's resources cost. Each cloud's table is a file of its own beside this one. */
export const costTables: { readonly [Name in TargetName]: CostTable } = {
  lab: { asOf: "2026-11-25", region: "this host, which costs what it costs", priced: {}, free: [] },
  azure: azureCosts,
  aws: awsCosts,
  gcp: gcpCosts,
  metal: { asOf: "2026-11-25", region: "machines of your own: bought, not rented", priced: {}, free: [] },
};

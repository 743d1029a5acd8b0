import type { Subject } from "../subject.ts";
import { operators, standbyProvider, subscription, tenant } from "./arm.ts";
import { table } from "./table.ts";

/** Target azure on the simulated Azure. */
export function azure(): Subject {
  return {
    name: "azure",
    table,
    settings: ({ pool }, workload) => ({
      "logos:target": "azure",
      "logos:azure": {
        subscription,
        tenant,
        region: "westeurope",
        operators,
        standbyProvider,
        image: "Canonical:ubuntu-24_04-lts:server:24.04.202510010",
        budgetStart: "2026-11",
      },
      "logos:pool": pool,
      "logos:network": { packageRanges: ["203.0.113.0/25"] },
      "logos:access": { ranges: ["198.51.100.7/32"] },
      "logos:alerts": { email: "operators@example.org" },
      "logos:workload": workload,
    }),
  };
}

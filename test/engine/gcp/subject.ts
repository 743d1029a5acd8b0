import type { Subject } from "../subject.ts";
import { project, projectNumber, zones } from "./common.ts";
import { table } from "./table.ts";

/** This repository's program on the simulated Google Cloud. */
export function gcp(): Subject {
  return {
    name: "gcp",
    table,
    settings: ({ pool }, workload) => ({
      "logos:target": "gcp",
      "logos:pool": { ...pool, standby: 1 },
      "logos:data": { lock: "compliance" },
      "logos:network": { packageRanges: ["198.51.100.0/24"] },
      "logos:access": { ranges: ["203.0.113.7/32"] },
      "logos:alerts": { email: "proofs@example.org" },
      "logos:gcp": {
        project,
        projectNumber,
        zones: [...zones],
        baseImage: "projects/ubuntu-os-cloud/global/images/ubuntu-2404-noble-amd64-v20261101",
        operators: ["user:ada@example.org"],
        billingAccount: "01ABCD-23EF45-67890A",
      },
      "logos:workload": { ...workload },
    }),
  };
}

import type { Subject } from "../subject.ts";
import { account, region } from "./arn.ts";
import { table } from "./table.ts";

/** The stack on the simulated AWS that the scenarios run on. */
export function aws(): Subject {
  return {
    name: "aws",
    table,
    settings: ({ pool }, workload) => ({
      "logos:target": "aws",
      // A vendor's image: eight digits, where ours have seventeen.
      "logos:aws": {
        region,
        account,
        baseImage: "ami-0000abcd",
        operators: [`arn:aws:iam::${account}:role/operators`],
      },
      "logos:network": { cidr: "10.83.0.0/24", packageRanges: ["91.189.88.0/21"] },
      "logos:access": { by: "address", ranges: ["203.0.113.7/32"] },
      "logos:alerts": { email: "operators@example.org" },
      "logos:readyTimeoutSeconds": 1800,
      "logos:pool": { ...pool, standby: 1 },
      "logos:data": { lock: "compliance" },
      "logos:workload": workload,
    }),
  };
}

import { aws } from "./aws.ts";
import { azure } from "./azure.ts";
import { gcp } from "./gcp.ts";
import { machines } from "./machines.ts";
import type { Plant } from "./plant.ts";

/** Every planted violation. */
export const plants: readonly Plant[] = [...machines, ...aws, ...gcp, ...azure];

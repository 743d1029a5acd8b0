import type { Claim } from "../claim.ts";
import { badInputClaims } from "./bad-input.ts";
import { burstClaims } from "./burst.ts";
import { controlClaims } from "./control.ts";
import { deathClaims } from "./death.ts";
import { growthClaims } from "./growth.ts";
import { killsClaims } from "./kills.ts";
import { modelClaims } from "./model.ts";
import { scalerClaims } from "./scaler.ts";

/** Promises about jobs and the pool that runs them. */
export const poolClaims: readonly Claim[] = [
  ...modelClaims,
  ...growthClaims,
  ...deathClaims,
  ...killsClaims,
  ...controlClaims,
  ...scalerClaims,
  ...burstClaims,
  ...badInputClaims,
];

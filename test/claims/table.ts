import type { Claim } from "./claim.ts";
import { engineClaims } from "./engine.ts";
import { guardrailClaims } from "./guardrails.ts";
import { worthClaims } from "./guardrails-worth.ts";
import { badInputClaims } from "./lab/bad-input.ts";
import { gateClaims } from "./lab/gate.ts";
import { lifeClaims } from "./lab/life.ts";
import { machineClaims } from "./lab/machines.ts";
import { standingClaims } from "./lab/standing.ts";
import { killClaims } from "./metal/kills.ts";
import { operatorClaims } from "./metal/operator.ts";
import { metalClaims } from "./metal/standing.ts";
import { policyClaims } from "./policy.ts";
import { poolClaims } from "./pool/table.ts";

/** Every promise, in the order in which they are checked. */
export const claims: readonly Claim[] = [
  ...standingClaims,
  ...machineClaims,
  ...gateClaims,
  ...badInputClaims,
  ...policyClaims,
  ...guardrailClaims,
  ...worthClaims,
  ...poolClaims,
  ...lifeClaims,
  ...metalClaims,
  ...killClaims,
  ...operatorClaims,
  ...engineClaims,
];

import { missed } from "../check/planted/find.ts";
import { nameOf } from "../check/planted/plant.ts";
import { plants } from "../check/planted/plants.ts";
import { type Claim, hold } from "./claim.ts";

/** Claims about the guardrails over whole programs, on the real engine over simulated clouds. */
export const guardrailClaims: readonly Claim[] = [
  {
    name: "planted-violations",
    tag: "guardrails",
    statement:
      "A violation planted into the program of any stack (lab, metal, aws, gcp, azure), one at a time, is found by its rule where it " +
      "was planted, and stops `up` before anything is made: in the preview that it begins with, and that npx pulumi does not let anybody skip.",
    seconds: 600,
    check: async (progress) => {
      const misses: string[] = [];
      for (const plant of plants) {
        const happened = await missed(plant);
        progress(`${happened === undefined ? "found " : "MISSED"} ${plant.rule} ${nameOf(plant)}`);
        if (happened !== undefined) misses.push(`${plant.rule} ${nameOf(plant)}: ${happened}`);
      }
      hold(misses.length === 0, misses.join("; "));
      const rules = new Set(plants.map(({ rule }) => rule));
      return `${plants.length} of ${plants.length} found, by ${rules.size} rules`;
    },
  },
];

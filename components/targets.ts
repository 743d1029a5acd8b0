import type { Place } from "../core/config/place.ts";
import type { Target } from "./target.ts";

/** The target of a stack. Only the chosen one is loaded: each cloud's SDK takes a second and 100 MB. */
export async function targetOf(place: Place): Promise<Target> {
  switch (place.target) {
    case "lab":
      return (await import("./lab/target.ts")).labTarget();
    case "azure":
      return (await import("./azure/target.ts")).azureTarget(place.azure);
    case "aws":
      return (await import("./aws/target.ts")).awsTarget(place.aws);
    case "gcp":
      return (await import("./gcp/target.ts")).gcpTarget(place.gcp);
    case "metal":
      return (await import("./metal/target.ts")).metalTarget(place.metal, place.profile);
  }
}

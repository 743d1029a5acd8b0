import type { AwsSettings } from "./aws.ts";
import type { AzureSettings } from "./azure.ts";
import type { GcpSettings } from "./gcp.ts";
import type { MetalSettings } from "./metal.ts";
import type { Profile } from "./schema.ts";

/**
 * Where a stack runs, with the settings that only that target has. A cloud's fields stand in a file of its own beside this
 * one, as a table of readers; its type follows from the table.
 */
export type Place =
  | { readonly target: "lab" }
  | { readonly target: "aws"; readonly aws: AwsSettings }
  | { readonly target: "gcp"; readonly gcp: GcpSettings }
  | { readonly target: "azure"; readonly azure: AzureSettings }
  | { readonly target: "metal"; readonly metal: MetalSettings; readonly profile: Profile };

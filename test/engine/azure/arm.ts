import type { Made, NameRule, Reference } from "../cloud/table.ts";
import type { Standing } from "../cloud/view.ts";

export const subscription = "00000000-0000-4000-8000-000000000001";
export const tenant = "00000000-0000-4000-8000-000000000002";
export const operators = "00000000-0000-4000-8000-000000000003";
export const standbyProvider = "00000000-0000-4000-8000-000000000004";

export const resourceGroup: Reference = { to: "azure-native:resources:ResourceGroup" };

/** The id of a resource of a provider in its resource group. */
export function armId(made: Made, path: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${made.text("resourceGroupName")}/providers/${path}`;
}

/** @param input The SDK calls each name after its own type. */
export function named(input: string, within: readonly string[] = ["resourceGroupName"]): NameRule {
  return {
    input,
    pattern: /^\w[\w.-]*$/,
    what: "letters, digits, dots, hyphens and underscores",
    max: 80,
    unique: { within },
  };
}

/** What every resource here has in common, of one kind. */
export function kind(
  path: string,
  input: string,
  more: {
    readonly references?: Readonly<Record<string, Reference>>;
    readonly replaceOn?: readonly string[];
    readonly name?: NameRule;
  } = {},
) {
  return {
    name: more.name ?? named(input),
    id: (made: Made) => armId(made, `${path}/${made.name}`),
    references: { resourceGroupName: resourceGroup, ...more.references },
    replaceOn: ["resourceGroupName", input, "location", ...(more.replaceOn ?? [])],
  };
}

/** What lies in a resource goes with it: ids say so. */
export function contains(gone: Standing, other: Standing): boolean {
  return other.id.startsWith(`${gone.id}/`);
}

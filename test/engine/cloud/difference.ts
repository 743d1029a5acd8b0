import { isAutomatic } from "./names.ts";
import type { Difference } from "./package.ts";
import { changesBetween, touches } from "./paths.ts";
import type { Inputs, Row } from "./table.ts";

/** What of a resource changes, by which it is replaced, and whether the old one has to go first. */
export function differenceOf(row: Row, logicalName: string, old: Inputs, next: Inputs): Difference {
  const changes = changesBetween(old, next).map((change) => ({
    ...change,
    replaces: (row.replaceOn ?? []).some((pattern) => touches(change.path, pattern)),
  }));
  // As the real providers: a name that a person chose and that stays can belong to one resource at a time.
  const { name } = row;
  const chosen = name === undefined ? undefined : next[name.input];
  const nameStays =
    name !== undefined && chosen !== undefined && chosen === old[name.input] && !isAutomatic(name, logicalName, chosen);
  return { changes, deleteBeforeReplace: changes.some(({ replaces }) => replaces) && nameStays };
}

import { randomBytes } from "node:crypto";
import type { Mistake } from "../../../providers/lab/shape.ts";
import type { Inputs, NameRule } from "./table.ts";

/** What the provider fills in for a name that is not given: the one it chose before, or the logical name with a random tail. */
export function nameFor(
  rule: NameRule | undefined,
  logicalName: string,
  given: Inputs,
  old: Inputs | undefined,
): Inputs {
  if (rule === undefined || rule.automatic === false || given[rule.input] !== undefined) return {};
  const before = old?.[rule.input];
  if (typeof before === "string") return { [rule.input]: before };
  const tail = randomBytes(4).toString("hex").slice(0, 7);
  return { [rule.input]: `${logicalName.slice(0, rule.max - tail.length - 1)}-${tail}` };
}

/** A name that the provider has chosen: of a resource that is replaced, another one gets another. */
export function isAutomatic(rule: NameRule, logicalName: string, name: unknown): boolean {
  const stem = logicalName.slice(0, rule.max - 8);
  return typeof name === "string" && name.startsWith(`${stem}-`) && /^[0-9a-f]{7}$/.test(name.slice(stem.length + 1));
}

/** What is wrong with a name as the cloud takes names. */
export function nameMistakes(type: string, rule: NameRule | undefined, inputs: Inputs): readonly Mistake[] {
  if (rule === undefined) return [];
  const { input, pattern, what, min = 1, max } = rule;
  const value = inputs[input];
  if (typeof value !== "string" || (pattern.test(value) && value.length >= min && value.length <= max)) return [];
  const reason = `${JSON.stringify(value)} cannot be the name of a ${type}: it must be ${what}, ${min} to ${max} characters`;
  return [{ property: input, reason }];
}

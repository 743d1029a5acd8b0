import type { ResourceTransformation } from "@pulumi/pulumi";
import type { TargetName } from "../../../core/config/targets.ts";

type Props = Readonly<Record<string, unknown>>;

/** One violation, put into one resource of a stack's real program. */
export interface Plant {
  /** What it does, in a few words; unique on its stack. */
  readonly what: string;
  readonly stack: TargetName;
  /** Type and name of the resource; the name may carry the stack's, so that its end is enough. */
  readonly type: string;
  readonly ending: string;
  /** Id of the rule that has to find it there, or on the one of another type that it spoils. */
  readonly rule: string;
  readonly foundOn?: string;
  /** Inputs by path, as they are changed; undefined takes one out. */
  readonly set?: Props;
  readonly options?: { readonly protect?: boolean; readonly ignoreChanges?: string[] };
}

/** Names a plant in the environment of the program it is put into. */
export const plantVariable = "LOGOS_PLANTED";

export function nameOf({ stack, what }: Plant): string {
  return `${stack}: ${what}`;
}

/** @throws Error when an input on the way is an output, whose inside no program can change */
export function transformationOf({ type, ending, set = {}, options = {} }: Plant): ResourceTransformation {
  return ({ type: ofType, name, props, opts }) => {
    if (ofType !== type || !name.endsWith(ending)) return undefined;
    let changed: unknown = props;
    for (const [path, value] of Object.entries(set)) changed = replaced(changed, path.split("."), value, path);
    return { props: Object(changed), opts: { ...opts, ...options } };
  };
}

function replaced(value: unknown, path: readonly string[], wanted: unknown, whole: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return wanted;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, wanted, whole) : item));
  if (typeof value === "object" && value !== null && "apply" in value)
    throw new Error(`The planted "${whole}" lies in an output`);
  const fields = new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);
  fields.set(key, replaced(fields.get(key), rest, wanted, whole));
  return Object.fromEntries(fields);
}

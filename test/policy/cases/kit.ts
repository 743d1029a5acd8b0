import { type Finding, messageOf } from "../../../policies/finding.ts";
import type { Rule } from "../../../policies/rule.ts";
import { type GivenInStack, stackViolations, unknown, violations } from "../harness.ts";

/** One resource, or a stack of them. */
export type Scene = GivenInStack | readonly GivenInStack[];

/** Properties by path (`a.b[0].c`) and what they become; undefined takes them out. */
export type Change = Readonly<Record<string, unknown>>;

/** A scene that fails, and the places that its findings name, where the case says them: {@link at}. */
export interface Failing {
  readonly scene: Scene;
  readonly places?: readonly string[];
}

/** The cases of one rule. A rule without enough of them fails its test. */
export interface Cases {
  readonly rule: Rule;
  /** What the deployment declares, as the pack's configuration file does. */
  readonly config: object;
  readonly passes: readonly Scene[];
  readonly fails: readonly Failing[];
  /** Cannot be decided, and fails for it. */
  readonly unknown: readonly Failing[];
  /** Not known at preview and decided by the update. */
  readonly later: readonly Scene[];
  readonly omitted: readonly (readonly [Failing, "passes" | "fails"])[];
  /** The same mistake made through another token, or why there is none. */
  readonly twins: readonly Failing[] | string;
}

/** Stands for a value that is not known yet. */
export const U = unknown;

type Case = Scene | Change | Placed;

class Placed {
  readonly one: Scene | Change | string;
  readonly places: readonly string[];
  constructor(one: Scene | Change | string, places: readonly string[]) {
    this.one = one;
    this.places = places;
  }
}

/**
 * A case whose findings name these places and no other: paths of properties, "" for the resource as a whole; in a stack
 * with the resource's name, `cache: versioning`.
 */
export function at(one: Scene | Change | string, ...places: readonly string[]): Placed {
  return new Placed(one, places);
}

export interface Table {
  readonly config?: object;
  /** Beside the base, which passes. */
  readonly passes?: readonly Case[];
  readonly fails: readonly Case[];
  readonly unknown?: readonly Case[];
  readonly later?: readonly Case[];
  /** What is left out of the base, or what is given instead, and what the cloud makes of it. */
  readonly omitted: readonly (readonly [string | Case, "passes" | "fails"])[];
  readonly twins: readonly Case[] | string;
}

/** Cases as changes of a base that passes. */
export function table(rule: Rule, base: Scene, given: Table): Cases {
  const scene = (one: Case | string): Scene => {
    if (one instanceof Placed) return scene(one.one);
    if (typeof one === "string") return vary(base, { [one]: undefined });
    return isScene(one) ? one : vary(base, one);
  };
  const failing = (one: Case | string): Failing =>
    one instanceof Placed ? { scene: scene(one), places: one.places } : { scene: scene(one) };
  return {
    rule,
    config: given.config ?? { profile: "standard" },
    passes: [base, ...(given.passes ?? []).map(scene)],
    fails: given.fails.map(failing),
    unknown: (given.unknown ?? []).map(failing),
    later: (given.later ?? []).map(scene),
    omitted: given.omitted.map(([one, verdict]) => [failing(one), verdict]),
    twins: typeof given.twins === "string" ? given.twins : given.twins.map(failing),
  };
}

function isScene(one: Scene | Change): one is Scene {
  return Array.isArray(one) || ("type" in one && typeof one.type === "string" && "props" in one);
}

export function of(type: string, props: object = {}, more: Partial<GivenInStack> = {}): GivenInStack {
  return { type, props, ...more };
}

/** The resource, or the first one of a stack, with some properties changed. */
export function vary(base: Scene, change: Change): Scene {
  if (!isOne(base)) {
    const [first, ...rest] = base;
    if (first === undefined) throw new Error("an empty stack cannot be varied");
    return [varyOne(first, change), ...rest];
  }
  return varyOne(base, change);
}

function isOne(scene: Scene): scene is GivenInStack {
  return !Array.isArray(scene);
}

function varyOne(base: GivenInStack, change: Change): GivenInStack {
  const props = structuredClone(base.props);
  for (const [path, value] of Object.entries(change))
    set(
      props,
      path.split(/[.[\]]+/).filter((key) => key !== ""),
      value,
    );
  return { ...base, props };
}

function set(target: object, [key = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    if (value === undefined) Reflect.deleteProperty(target, key);
    else Reflect.set(target, key, value);
    return;
  }
  const inner: unknown = Reflect.get(target, key);
  const next = typeof inner === "object" && inner !== null ? inner : /^\d+$/.test(rest[0] ?? "") ? [] : {};
  Reflect.set(target, key, next);
  set(next, rest, value);
}

/** One finding as a person reads it, and the place it is for. */
export interface Judged {
  readonly message: string;
  readonly place: string;
  readonly undecided: boolean;
}

/** All that a rule says of a scene: of each resource before it is made, then of the stack. */
export async function judge(rule: Rule, scene: Scene, config: object): Promise<readonly Judged[]> {
  const stack = isOne(scene) ? [scene] : scene;
  const found: Finding[] = [];
  const record = (finding: Finding) => found.push(finding);
  if (rule.checks !== undefined || rule.every !== undefined) {
    for (const one of stack) await violations(rule, one, config, record);
  }
  if (rule.stack !== undefined && !isOne(scene)) await stackViolations(rule, stack, config, record);
  return found.map((finding) => ({
    message: messageOf(finding),
    place: isOne(scene) ? finding.path : [finding.urn.split("::").at(-1), finding.path].filter(Boolean).join(": "),
    undecided: finding.undecided,
  }));
}

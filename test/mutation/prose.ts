import type { Ignorer } from "@stryker-mutator/api/ignore";
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** Properties of a finding or a rule that are read by people alone. */
const prose: readonly unknown[] = ["found", "mend", "expected", "title", "reason", "remediation"];

/** Arguments that only say what was found or expected; known before Stryker changes what stands beside them. */
const words = new Set<unknown>();

/**
 * Leaves out what people read: a message that says something else is as good a refusal. What is refused, and where, stays in.
 * The path is Babel's; its types are not among what Stryker gives out.
 */
const ignorer: Ignorer = {
  shouldIgnore(path) {
    const node = at(path, "node");
    const called = at(node, "callee", "name");
    if (called === "requireOneOf") words.add(meaningIn(at(node, "arguments")));
    if (called === "requirePresent" || called === "refusePresent") words.add(at(node, "arguments", "1"));
    const isProse = at(node, "type") === "ObjectProperty" && prose.includes(at(node, "key", "name"));
    return isProse || words.has(node) ? "read by people alone" : undefined;
  },
};

/** The last of `requireOneOf(view, wanted, meaning)`, unless it is wanted too: then it decides. */
function meaningIn(given: unknown): unknown {
  const wanted = at(given, "1", "elements");
  const meaning = at(given, "2");
  const decides = !Array.isArray(wanted) || wanted.some((one) => at(one, "value") === at(meaning, "value"));
  return decides ? undefined : meaning;
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (one, key) => (typeof one === "object" && one !== null ? Reflect.get(one, key) : undefined),
    value,
  );
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "prose", ignorer)];

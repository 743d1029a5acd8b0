import type { Ignorer } from "@stryker-mutator/api/ignore";
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** Properties of a finding or a rule that are read by people alone. */
const prose = new Set<unknown>(["found", "mend", "expected", "title", "reason", "remediation"]);

/**
 * Leaves out what people read: a message that says something else is as good a refusal. What is refused, and where, stays in.
 * The path is Babel's; its types are not among what Stryker gives out.
 */
const ignorer: Ignorer = {
  shouldIgnore(path) {
    const node = "node" in path ? path.node : undefined;
    if (typeof node !== "object" || node === null || !("key" in node) || !("type" in node)) return undefined;
    const { key } = node;
    const isProse =
      node.type === "ObjectProperty" && typeof key === "object" && key !== null && "name" in key && prose.has(key.name);
    return isProse ? "read by people alone" : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "prose", ignorer)];

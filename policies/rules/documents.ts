import type { View } from "../view.ts";

/** IAM-style policy documents (AWS), read from JSON text or objects. */

export interface Statement {
  readonly at: View;
  readonly allow: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly hasCondition: boolean;
}

/** The statements of a document; undefined when the text is no document. Throws Undecided when it is not known. */
export function statementsOf(document: View): readonly Statement[] | undefined {
  return document
    .json()
    ?.items("Statement")
    .map((at) => ({
      at,
      // What does not say that it denies may allow.
      allow: at.text("Effect")?.toLowerCase() !== "deny",
      actions: texts(at.at("Action")),
      notActions: texts(at.at("NotAction")),
      resources: texts(at.at("Resource")),
      principals: texts(at.at("Principal")),
      hasCondition: at.keys("Condition").length > 0,
    }));
}

/** All texts in a value. Throws Undecided when one is not known. */
function texts(view: View): readonly string[] {
  return [...view.texts()].map((one) => String(one.string()));
}

/** True when a pattern of actions or resources, with `*` and `?`, takes in a name. */
export function matches(pattern: string, name: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`, "i").test(name);
}

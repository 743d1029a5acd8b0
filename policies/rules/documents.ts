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
  const json = document.json();
  if (json === undefined) return undefined;
  return either(json, "Statement", "statements").map((at) => {
    const effect = at.text("Effect") ?? at.text("effect") ?? "Allow";
    return {
      at,
      allow: effect.toLowerCase() !== "deny",
      actions: texts(either(at, "Action", "actions")),
      notActions: texts(either(at, "NotAction", "notActions")),
      resources: texts(either(at, "Resource", "resources")),
      principals: [...either(at, "Principal", "principals")]
        .flatMap((one) => [...one.texts()])
        .map((one) => one.string() ?? ""),
      hasCondition: either(at, "Condition", "conditions").some((one) => one.present && one.keys().length > 0),
    };
  });
}

function either(view: View, ...keys: readonly string[]): readonly View[] {
  return keys.flatMap((key) => view.items(key));
}

function texts(views: readonly View[]): readonly string[] {
  return views.map((view) => view.string() ?? "");
}

/** True when a pattern of actions or resources, with `*` and `?`, takes in a name. */
export function matches(pattern: string, name: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`, "i").test(name);
}

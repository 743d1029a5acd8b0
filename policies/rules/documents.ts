import { attempt, type Outcome } from "../rule.ts";
import type { View } from "../view.ts";

/** IAM-style policy documents (AWS), read from JSON text or objects. */

export interface Statement {
  readonly at: View;
  readonly allow: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  /** It is for everybody: `*`, or all but some. */
  readonly anyone: boolean;
  readonly hasCondition: boolean;
}

/** The statements of a document; undefined when the text is no document. Throws Undecided when it is not known. */
export function statementsOf(document: View): readonly Statement[] | undefined {
  return document
    .json()
    ?.items("Statement")
    .map((at) => {
      const principals = texts(at.at("Principal"));
      return {
        at,
        // What does not say that it denies may allow.
        allow: at.text("Effect")?.toLowerCase() !== "deny",
        actions: texts(at.at("Action")),
        notActions: texts(at.at("NotAction")),
        resources: texts(at.at("Resource")),
        principals,
        anyone: principals.includes("*") || at.at("NotPrincipal").present,
        hasCondition: at.keys("Condition").length > 0,
      };
    });
}

/** Checks each statement that allows something. What is no document lets nothing pass. */
export function eachAllowed(document: View, check: (statement: Statement) => Iterable<Outcome>): Iterable<Outcome> {
  return attempt(function* () {
    const statements = statementsOf(document);
    if (statements === undefined) yield { at: document, found: "is no policy document" };
    else for (const statement of statements) if (statement.allow) yield* check(statement);
  });
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

import { sha256Pattern } from "../../../core/digest.ts";
import type { Outcome, Rule, StackSubject } from "../../rule.ts";
import type { View } from "../../view.ts";

const snapshot = "lab:index:Snapshot";

/**
 * Nodes run nothing but an image that is named by its recipe's digest, that this stack bakes or holds, and that was
 * captured only after its smoke rebuild passed.
 */
export const imageGated: Rule = {
  id: "Q04",
  name: "image-gated",
  title: "Nodes start from a baked image, named by the digest of its recipe and captured after its smoke rebuild.",
  family: "image",
  severity: "critical",
  reason: "A node of another image would answer for proofs that nobody rebuilt on it.",
  remediation: "Use the id of the Image component.",
  upstream: [],
  waivable: false,
  checks: {
    "logos:substrate:NodePool": function* ({ props }) {
      const digest = props.string("imageDigest");
      if (digest === undefined || !sha256Pattern.test(digest)) {
        yield {
          at: "imageDigest",
          found: `names the image "${digest ?? ""}"`,
          expected: "a recipe digest of 64 hex digits",
          mend: "Take it from the Image.",
        };
      }
    },
    "lab:index:NodePool": ({ props }) => requireBakedImage(props.at("imageId")),
    "lab:index:Machine": function* ({ props }) {
      const group = props.string("group");
      // The other groups are set up over SSH and carry no proofs.
      if (group === "bastion" || group === "control" || group === "builder") return;
      yield* requireBakedImage(props.at("imageId"));
    },
    [snapshot]: function* ({ props }) {
      if (!sha256Pattern.test(props.string("digest") ?? "")) {
        yield {
          at: "digest",
          found: "is not named by a recipe digest of 64 hex digits",
          mend: "Take it from the recipe.",
        };
      }
    },
  },
  stack: function* ({ type, props, dependencies }, { ofType }) {
    if (type === "lab:index:NodePool") {
      const imageId = props.string("imageId");
      const stands = ofType(snapshot).some((image) => imageId === `image:${image.props.string("digest")}`);
      if (!stands) yield { at: "imageId", found: "runs an image that is no Image of this stack" };
    }
    // Without a builder the image stands already: it was captured by a run that was held to this rule.
    if (type === snapshot && props.at("machineName").present && !dependsOnSmoke(dependencies)) {
      yield {
        found: "captures a builder without depending on its smoke rebuild",
        mend: "Let it depend on the bake.",
      };
    }
  },
};

function* requireBakedImage(id: View): Generator<Outcome> {
  const imageId = id.string();
  if (imageId?.startsWith("image:") === true && sha256Pattern.test(imageId.slice("image:".length))) return;
  yield { at: id, found: `would run "${imageId ?? ""}"`, expected: "image:<64 hex digits>" };
}

/** True when the smoke rebuild is among the resources that must be there first, directly or through others. */
export function dependsOnSmoke(dependencies: readonly StackSubject[]): boolean {
  const seen = new Set<string>();
  const queue = [...dependencies];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next.urn)) continue;
    seen.add(next.urn);
    if (
      next.type === "command:remote:Command" &&
      /\/usr\/bin\/logos-agent gate --bake\b/.test(next.props.string("create") ?? "")
    ) {
      return true;
    }
    queue.push(...next.dependencies);
  }
  return false;
}

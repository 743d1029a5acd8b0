import { sha256Pattern } from "../../../core/digest.ts";
import type { Outcome, Rule, StackSubject } from "../../rule.ts";
import type { View } from "../../view.ts";

const snapshot = "lab:index:Snapshot";
const bakedImage = /^image:[0-9a-f]{64}$/;

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
      const digest = props.at("imageDigest");
      if (!digest.matches(sha256Pattern)) {
        yield {
          at: digest,
          found: `names the image "${digest.string() ?? ""}"`,
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
      const digest = props.at("digest");
      if (!digest.matches(sha256Pattern)) {
        yield {
          at: digest,
          found: "is not named by a recipe digest of 64 hex digits",
          mend: "Take it from the recipe.",
        };
      }
    },
  },
  stack: function* ({ type, props, dependencies }, { ofType }) {
    if (type === "lab:index:NodePool") {
      const imageId = props.at("imageId");
      const stands = ofType(snapshot).some((image) => imageId.string() === `image:${image.props.string("digest")}`);
      if (!stands) yield { at: imageId, found: "runs an image that is no Image of this stack" };
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
  if (!id.matches(bakedImage))
    yield { at: id, found: `would run "${id.string() ?? ""}"`, expected: "image:<64 hex digits>" };
}

/** True when the smoke rebuild is among the resources that must be there first, directly or through others. */
export function dependsOnSmoke(dependencies: readonly StackSubject[]): boolean {
  const all = new Set(dependencies);
  // What is added on the way is come to later.
  for (const one of all) for (const before of one.dependencies) all.add(before);
  return [...all].some(
    ({ type, props }) =>
      type === "command:remote:Command" && props.at("create").matches(/\/usr\/bin\/logos-agent gate --bake(\s|$)/),
  );
}

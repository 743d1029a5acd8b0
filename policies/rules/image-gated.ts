import type { PolicyResource } from "@pulumi/policy";
import { sha256Pattern } from "../../core/digest.ts";
import { resourceRule, stackRule, type Violations } from "../rule.ts";
import { View } from "../view.ts";

/** Nodes run nothing but an image that is named by its recipe's digest. */
export const imageGated = resourceRule({
  name: "image-gated",
  description: "Nodes start from a baked image, named by the digest of its recipe.",
  checks: {
    "logos:substrate:NodePool": function* ({ props }) {
      const digest = props.string("imageDigest");
      if (digest === undefined || !sha256Pattern.test(digest)) {
        yield `names the image "${digest ?? ""}", allowed is a recipe digest of 64 hex digits. Take it from the Image.`;
      }
    },
    "lab:index:NodePool": function* ({ props }) {
      yield* requireBakedImage(props.string("imageId"));
    },
    "lab:index:Machine": function* ({ props }) {
      const group = props.string("group");
      // The other groups are set up over SSH and carry no proofs.
      if (group === "bastion" || group === "control" || group === "builder") return;
      yield* requireBakedImage(props.string("imageId"));
    },
    "lab:index:Snapshot": function* ({ props }) {
      if (!sha256Pattern.test(props.string("digest") ?? "")) {
        yield "is not named by a recipe digest of 64 hex digits. Take it from the recipe.";
      }
    },
  },
});

/** The digest that nodes run is an image of this stack, and a capture follows the smoke rebuild. */
export const imageGatedStack = stackRule({
  name: "image-of-this-stack",
  description:
    "A pool's image is one that this stack bakes or holds, and it is captured only after its smoke rebuild passed.",
  check: function* (resource, all) {
    const props = new View(resource.props);
    if (resource.type === "lab:index:NodePool") {
      const imageId = props.string("imageId");
      const stands = all.some(({ type, props: other }) => type === snapshot && isImage(imageId, new View(other)));
      if (!stands) yield "runs an image that is no Image of this stack. Use the id of the Image component.";
    }
    // Without a builder the image stands already: it was captured by a run that was held to this rule.
    if (resource.type === snapshot && props.at("machineName").present && !dependsOnSmoke(resource)) {
      yield "captures a builder without depending on its smoke rebuild. Let it depend on the bake.";
    }
  },
});

const snapshot = "lab:index:Snapshot";

function isImage(imageId: string | undefined, image: View): boolean {
  const digest = image.string("digest");
  return digest !== undefined && imageId === `image:${digest}`;
}

function* requireBakedImage(imageId: string | undefined): Violations {
  if (imageId?.startsWith("image:") === true && sha256Pattern.test(imageId.slice("image:".length))) return;
  yield `would run "${imageId ?? ""}", allowed is image:<64 hex digits>. Use the id of the Image component.`;
}

function dependsOnSmoke(snapshot: PolicyResource): boolean {
  const seen = new Set<string>();
  const queue = [...snapshot.dependencies];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next.urn)) continue;
    seen.add(next.urn);
    if (
      next.type === "command:remote:Command" &&
      /\/usr\/bin\/logos-agent gate --bake\b/.test(new View(next.props).string("create") ?? "")
    ) {
      return true;
    }
    queue.push(...next.dependencies);
  }
  return false;
}

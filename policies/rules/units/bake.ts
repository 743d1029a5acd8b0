import { sha256Pattern } from "../../../core/digest.ts";
import { plainCommands } from "../../../core/guard/shell.ts";
import { attempt, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { stagedText } from "../staged.ts";

const agent = "/usr/bin/logos-agent";

/** Options of the gate that name where it looks; there is none that leaves a check out, and none may come. */
const known = ["--bake", "--json", "--once"];

export const gateWhole: Rule = {
  id: "Q07",
  name: "gate-whole",
  title: "The gate is run as a whole: with the pins of the image, and no check left out.",
  family: "units",
  severity: "critical",
  reason:
    "The pinned agent hash and file hashes are what ties an image to a commit that was reviewed; pins given by hand tie it to nothing.",
  remediation: "sudo /usr/lib/logos/step logos-bake -- /usr/bin/logos-agent gate --bake",
  upstream: [],
  waivable: false,
  checks: {
    "command:remote:Command": function* ({ props }) {
      for (const key of ["create", "update", "delete"]) yield* attempt(() => checkGate(props.at(key)));
    },
    "logos:substrate:Image": ({ props }) => attempt(() => checkPins(stagedText(props, "/etc/logos/pins.json"))),
  },
};

/** The constant's value and the file that holds it, each by its exact hash: the first alone says only what the agent calls itself. */
function* checkPins(text: View): Generator<Outcome> {
  const pins = text.json();
  const hashes = [pins?.at("agentHash"), pins?.at("guardedFiles", "scripts/boot_aligned_agent.py")];
  if (!hashes.every((one) => one?.matches(sha256Pattern)))
    yield {
      at: text,
      found: "pins no agent by 64 hex digits, or not its script",
      mend: "Take images/pins/reference.json.",
    };
}

function* checkGate(text: View): Generator<Outcome> {
  const read = plainCommands(text.string() ?? "");
  if ("problem" in read) return;
  for (const words of read.commands) {
    const at = words.indexOf(agent);
    if (at < 0 || words[at + 1] !== "gate") continue;
    const strange = words.slice(at + 2).find((word) => !known.includes(word));
    if (strange !== undefined)
      yield { at: text, found: `runs the gate with "${strange}"`, expected: known.join(" or ") };
  }
}

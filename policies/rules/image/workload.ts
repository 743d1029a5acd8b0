import { commitPattern, sha256Pattern } from "../../../core/digest.ts";
import { commandsIn } from "../../../core/guard/shell.ts";
import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { stagedText } from "../staged.ts";
import { floating } from "./clouds.ts";

/**
 * A package that decides what a proof is, without a version. The others get the fixes of their release, and the signed
 * record lists them all.
 */
const loosePackage = /(^| )(coq|libcoq-|ocaml|libzarith)[^ =]*=?$/;
/** What is built: `platform what value`, by commit or by versions, and from where. */
const exactSource =
  /^$|^\S+ (\S+-url https:\S+|\S+-commit [0-9a-f]{40}|\S+-repository \S+#[0-9a-f]{40}|\S+-packages( [a-z-]+\.\d\S*)+)$/;
/** Releases by a name that moves on. */
const moving = /^(stable|oldstable|testing|unstable|sid|experimental|devel|rolling)/;
const fetching = /^(\S*\/)?(curl|wget|apt|apt-get|pip3?|npm|opam|git)( |$)/;

export const workloadPinned: Rule = {
  id: "Q16",
  name: "workload-pinned",
  title:
    "Images are of one commit of the workload, whose _CoqProject is pinned, with exact versions of what proves; base images are pinned or of a named release.",
  family: "image",
  severity: "high",
  reason: "A branch, a newer prover or another list of files names another proof tomorrow.",
  remediation: "Give logos:workload.commit, and name versions in images/versions.ts: coq=8.20.1+dfsg-1+b1.",
  upstream: [],
  checks: {
    "logos:substrate:Image": function* ({ props }) {
      const commit = props.at("workload", "commit");
      yield* attempt(function* () {
        if (!commit.matches(commitPattern))
          yield { at: commit, found: `is "${commit.string() ?? ""}"`, expected: "40 hex digits" };
      });
      yield* attempt(function* () {
        const record = stagedText(props, "/etc/logos/workload.json");
        if (record.json()?.string("commit") !== commit.string())
          yield { at: record, found: "records another commit than the image is of" };
      });
      yield* attempt(function* () {
        const pins = stagedText(props, "/etc/logos/pins.json");
        if (pins.json()?.at("guardedFiles", "_CoqProject").matches(sha256Pattern) !== true)
          yield { at: pins, found: "pins no _CoqProject by its sha256" };
      });
      yield* refuseLines(stagedText(props, "/etc/logos/packages"), (line) => loosePackage.test(line));
      yield* refuseLines(stagedText(props, "/etc/logos/sources"), (line) => !exactSource.test(line));
    },
    ...each(["logos:substrate:BaseImage", "lab:index:BaseImage"], checkBase),
  },
};

function refuseLines(text: View, isLoose: (line: string) => boolean): Iterable<Outcome> {
  return attempt(function* () {
    for (const line of text.string()?.split("\n") ?? [])
      if (isLoose(line)) yield { at: text, found: `has "${line}", which may be something else tomorrow` };
  });
}

function* checkBase({ props }: Subject): Generator<Outcome> {
  const pinned = props.at("pinned");
  yield* attempt(function* () {
    if (pinned.matches(floating))
      yield { at: pinned, found: `is "${pinned.string()}", which is another image tomorrow` };
  });
  yield* attempt(function* () {
    const suite = props.at("suite");
    if (!pinned.present && (!suite.present || suite.matches(moving)))
      yield { at: suite, found: `is "${suite.string() ?? ""}"`, expected: "a release by its own name" };
  });
  for (const one of props.items("packages")) yield* refuseLines(one, (name) => loosePackage.test(name));
  yield* attempt(function* () {
    const customize = props.at("customize");
    for (const words of commandsIn(customize.string() ?? "").commands)
      if (fetching.test(words.join(" "))) yield { at: customize, found: `asks the network by "${words.join(" ")}"` };
  });
}

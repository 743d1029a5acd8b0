import { resourceRule, type Subject, type Violations } from "../rule.ts";

/**
 * What may be run on a machine: programs that came from this repository, each a plain command with plain words. No shell
 * syntax, so nothing can write a unit, a rule or a script that no review saw.
 */
const stage = "stage/[0-9a-f]{12}";
const word = "[A-Za-z0-9_./:=@%+,-]+";
const allowed = [
  "sudo -n true",
  `sudo sh ${stage}/[a-z-]+/usr/lib/logos/install-files( ${stage}/[a-z-]+)+`,
  `sudo /usr/lib/logos/[a-z-]+( ${word})*`,
  `sudo /usr/bin/logos-agent( ${word})*`,
];
const command = new RegExp(`^(${allowed.join("|")})$`);
const stagePath = new RegExp(`^${stage}(/${word})?$`);

export const programsFromRepository = resourceRule({
  name: "programs-from-repository",
  description: "Units and programs on machines come from the repository's files; commands only run them.",
  checks: {
    "command:remote:Command": function* ({ props }) {
      for (const key of ["create", "update", "delete"]) yield* checkText(key, props.string(key));
    },
    "command:remote:CopyToRemote": checkCopy,
    "command:remote:CopyFile": () => ["is the plugin's old way to copy. Use RemoteHost.copy."],
  },
});

function* checkText(key: string, text: string | undefined): Violations {
  const wrong = text?.split(" && ").find((part) => !command.test(part));
  if (wrong === undefined) return;
  yield `runs other text than a program of the repository ("${key}", from ${JSON.stringify(wrong.slice(0, 60))}). Put it ` +
    "into a program or unit under images/files and run that.";
}

function* checkCopy({ props }: Subject): Violations {
  const path = props.string("remotePath") ?? "";
  if (!stagePath.test(path) || path.split("/").includes("..")) {
    yield `copies to "${path}", allowed is a folder stage/<12 hex digits>. install-files puts it in place.`;
  }
  const source = props.at("source");
  if (source.at("uri").present) yield "copies from a URL. Copy a file of the repository instead.";
  if (source.at("text").present && /systemd|\.(service|timer|socket|path|mount|target)$/.test(path)) {
    yield `writes the unit "${path}" from text. Put it under images/files.`;
  }
}

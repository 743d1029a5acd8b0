import { plainCommands } from "../../../core/guard/shell.ts";
import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import { View } from "../../view.ts";
import { cloudConfigsIn, readings, scriptProperties, scriptsOf } from "../credentials/user-data.ts";
import { awsMachineTypes, azureMachineTypes, gcpMachineTypes } from "../machines.ts";
import { isRepositoryFile } from "../repository-files.ts";
import { unitsAsked } from "./systemctl.ts";

const stage = "stage/[0-9a-f]{12}";
const word = "[A-Za-z0-9_./:=@%+,-]+";
const stagePath = new RegExp(`^${stage}(/${word})?$`);
const plainWord = new RegExp(`^${word}$`);

/**
 * What may be run on a machine: programs that came from this repository, each a plain command with plain words. No shell
 * syntax, so nothing can write a unit, a rule or a script that no review saw.
 */
export const programsFromRepository: Rule = {
  id: "Q06",
  name: "programs-from-repository",
  title: "Units and programs on machines come from the repository's files; commands only run them.",
  family: "units",
  severity: "critical",
  reason: "Text that is run and no file was reviewed is unaudited code.",
  remediation: "Put it into a program or unit under images/files and run that.",
  upstream: [],
  checks: {
    "command:remote:Command": function* ({ props, config }) {
      for (const key of ["create", "update", "delete"]) yield* attempt(() => checkText(props.at(key), config.units));
    },
    "command:remote:CopyToRemote": checkCopy,
    ...each(["logos:substrate:Bastion", "logos:substrate:ControlPlane", "logos:substrate:Image"], ({ props }) =>
      checkFiles(props.at("files")),
    ),
    ...each([...awsMachineTypes, ...gcpMachineTypes, ...azureMachineTypes], function* (subject) {
      for (const script of scriptsOf(subject)) yield* attempt(() => checkUnits(script));
    }),
    "command:remote:CopyFile": () => [{ found: "is the plugin's old way to copy", mend: "Use RemoteHost.copy." }],
  },
  // What is made in the same update is read then, before the machine is made.
  knownAtUpdate: scriptProperties,
};

/** Where systemd looks for units and for what changes them. */
const unitFolder = /\/systemd\/(system|user|network)\b/;

/** What a role's machines are given: trees of the repository, and single files beside them that are no units. */
function* checkFiles(files: View): Generator<Outcome> {
  for (const tree of files.items("trees"))
    yield* attempt(function* () {
      if (!tree.matches(/\/images\/files\/[a-z]+$/)) yield { at: tree, found: "is no tree of images/files" };
    });
  for (const file of files.items("files"))
    yield* attempt(function* () {
      if (file.matches(unitFolder, "path")) yield { at: file, found: "is a unit beside the trees of images/files" };
    });
}

/** Units that user data writes are files of the repository too; any other text that touches their folders may write one. */
function* checkUnits(at: View): Generator<Outcome> {
  const configs = cloudConfigsIn(at.string() ?? "").map((config) => new View(config, at.path));
  const files = configs.flatMap((config) => config.items("write_files"));
  for (const file of files)
    if (file.matches(unitFolder, "path") && !isRepositoryFile(file.string("path"), file.string("content")))
      yield { at: file, found: `writes the unit "${file.string("path")}", which is no file of the repository` };
  const scripts =
    configs.length === 0 ? [at] : configs.flatMap((one) => [...one.at("runcmd").texts(), ...one.at("bootcmd").texts()]);
  for (const script of scripts)
    if (readings(script.string() ?? "").some((one) => unitFolder.test(one)))
      yield { at: script, found: "touches systemd's folders by a script" };
}

function* checkText(text: View, units: readonly string[]): Generator<Outcome> {
  const given = text.string();
  if (given === undefined) return;
  const read = plainCommands(given);
  const isOurs = (words: readonly string[]) => isProgram(words) || isForUnits(words, units) || isUnstage(words);
  if ("commands" in read && read.commands.every(isOurs)) return;
  yield {
    at: text,
    found: `runs other text than a program of the repository (it ${"problem" in read ? read.problem : "is no program of ours"}: ${JSON.stringify(given.slice(0, 60))})`,
  };
}

function isProgram(words: readonly string[]): boolean {
  const [sudo, program = "", ...rest] = words;
  if (sudo !== "sudo" || !rest.every((one) => plainWord.test(one))) return false;
  if (program === "-n") return words.join(" ") === "sudo -n true";
  if (program === "sh") return isStaged(rest);
  return /^\/usr\/lib\/logos\/[a-z-]+$/.test(program) || program === "/usr/bin/logos-agent";
}

/** Removes what was staged, and nothing that took its place on the machine. */
function isUnstage(words: readonly string[]): boolean {
  return words.join(" ") === "rm -rf stage";
}

/** A unit that the deployment declares is one of the repository's files too: to start or stop it runs nothing else. */
function isForUnits(words: readonly string[], units: readonly string[]): boolean {
  const asked = words[0] === "sudo" ? unitsAsked(words) : undefined;
  return asked !== undefined && asked.length > 0 && asked.every((unit) => units.includes(unit));
}

/** A program that comes with the staged files, run before they are in place; the one that puts them there takes nothing else. */
function isStaged([script = "", ...words]: readonly string[]): boolean {
  const program = new RegExp(`^${stage}/[a-z-]+/usr/lib/logos/([a-z-]+)$`).exec(script)?.[1];
  if (program !== "install-files") return program !== undefined;
  return words.length > 0 && words.every((folder) => new RegExp(`^${stage}/[a-z-]+$`).test(folder));
}

function* checkCopy({ props }: Subject): Generator<Outcome> {
  yield* attempt(function* () {
    const path = props.string("remotePath") ?? "";
    if (!stagePath.test(path) || path.split("/").includes("..")) {
      yield {
        at: "remotePath",
        found: `copies to "${path}"`,
        expected: "a folder stage/<12 hex digits>",
        mend: "install-files puts it in place.",
      };
    }
    yield* attempt(function* () {
      if (props.at("source", "text").present && /systemd|\.(service|timer|socket|path|mount|target)$/.test(path)) {
        yield { at: "source", found: `writes the unit "${path}" from text`, mend: "Put it under images/files." };
      }
    });
  });
  yield* attempt(function* () {
    if (props.at("source", "uri").present) {
      yield { at: "source", found: "copies from a URL", mend: "Copy a file of the repository instead." };
    }
  });
}

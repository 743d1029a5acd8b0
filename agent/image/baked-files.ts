import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "../failure.ts";
import { workloadIdentity } from "../gate/gate.ts";
import { findProgram, run, systemPath } from "../io/process.ts";
import type { Paths } from "../paths.ts";

const binaries = "/usr/bin";
/** What the gate itself stands on, and what opens the machine to people and to the scheduler. */
const trusted = ["node", "python3", "git", "make", "flock", "ssh-keygen", "sshd", "sudo", "nft", "slurmd"];
/** Settings of the base image that decide who gets in and what starts. */
const settings = ["/etc/ssh", "/etc/sudoers.d", "/etc/systemd/system"];

/**
 * Absolute paths of what the manifest covers: everything the bake installed, the workload's tracked files, the proof
 * checker with its library, and the programs and settings that a verdict rests on. Throws {@link Refusal}.
 */
export async function bakedFiles(checkout: string, paths: Paths): Promise<readonly string[]> {
  const installed = readFileSync(paths.installed, "utf8")
    .split("\n")
    .filter((path) => path !== "");
  const tracked = (await query(["git", "ls-files", "-z"], checkout)).split("\0").filter((path) => path !== "");
  const library = (await query(["coqc", "-where"], "/")).trim();
  return [
    ...new Set([
      paths.installed,
      paths.smoke,
      ...installed,
      ...tracked.map((path) => join(checkout, path)),
      ...readdirSync(binaries)
        .filter((name) => name.startsWith("coq"))
        .map((name) => realpathSync(join(binaries, name))),
      ...trusted.map((program) => realpathSync(findProgram(program, systemPath))),
      ...settings.flatMap(filesUnder),
      ...filesUnder(library),
    ]),
  ];
}

/** sha256-ready list of every installed package with its version, one per line, sorted. */
export async function packageList(): Promise<string> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's.
  const list = await query(["dpkg-query", "--show", "--showformat", "${Package} ${Version}\\n"], "/");
  return `${list.trim().split("\n").sort().join("\n")}\n`;
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function query(argv: readonly [string, ...string[]], cwd: string): Promise<string> {
  const identity = argv[0] === "git" ? workloadIdentity(cwd) : undefined;
  const finished = await run({
    argv,
    cwd,
    identity,
    env: { PATH: systemPath, HOME: "/", LANG: "C.UTF-8" },
    timeoutSeconds: 60,
  });
  if (finished.code !== 0) throw new Refusal(`${argv.join(" ")} failed: ${finished.tail.trim()}`);
  return finished.stdout;
}

import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** What of the workload needs no Coq: the repository that is made of it, its state files, and how it fails. */
const folder = join(import.meta.dirname, "../../workload");
let scratch: string;
let repository: string;
let commit: string;
/** A folder for PATH that holds Git alone, and the interpreter itself: what stands on PATH may be a shell script. */
let tools: string;
let interpreter: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "logos-workload-"));
  repository = join(scratch, "repository");
  commit = make(repository);
  tools = join(scratch, "tools");
  mkdirSync(tools);
  symlinkSync(output("sh", ["-c", "command -v git"]), join(tools, "git"));
  interpreter = output("python3", ["-c", "import sys; print(sys.executable)"]);
});

afterAll(() => rmSync(scratch, { recursive: true }));

describe("make-repository.sh", () => {
  it("gives two commits on main, of which the second names the first as its parent's identity", () => {
    expect(git(repository, "rev-list", "--count", "main")).toBe("2");
    expect(git(repository, "rev-parse", "HEAD")).toBe(commit);
    expect(readFileSync(join(repository, "state/IDENTITY_HASH.txt"), "utf8")).toContain(
      `parent_sha=${git(repository, "rev-parse", "HEAD~1")}\n`,
    );
    expect(python(repository, ["scripts/compute_identity_hash.py"])).toMatchObject({ status: 0, stderr: "" });
    expect(git(repository, "status", "--porcelain", "--ignored")).toBe("");
  });

  it("gives the same id elsewhere, whatever the umask and the user's Git say", () => {
    const home = join(scratch, "home");
    mkdirSync(join(home, ".config/git"), { recursive: true });
    writeFileSync(
      join(home, ".gitconfig"),
      "[user]\nname = other\n[core]\nautocrlf = true\n[init]\ndefaultBranch = x\n",
    );
    writeFileSync(join(home, ".config/git/ignore"), "*.v\n");
    const command = 'umask 077 && exec "$0" "$1"';
    const made = spawnSync("sh", ["-c", command, join(folder, "make-repository.sh"), join(scratch, "elsewhere")], {
      cwd: "/",
      env: { ...process.env, HOME: home, GIT_AUTHOR_NAME: "other", GIT_DIR: join(scratch, "nowhere") },
      encoding: "utf8",
    });
    expect(made.stdout.trim()).toBe(commit);
    expect(statSync(join(scratch, "elsewhere/test_lem_discharge.py")).mode & 0o777).toBe(0o755);
  });

  it("gives the same id from an unpacked archive, without build products and without trust in file modes", () => {
    const archive = join(scratch, "archive");
    cpSync(repository, archive, { recursive: true, filter: (path) => !path.endsWith(".git") });
    for (const name of ["test_lem_discharge.py", "axioms.json"]) chmodSync(join(archive, name), 0o640);
    writeFileSync(join(archive, "baseline/Formula.vo"), "");
    expect(make(join(scratch, "unpacked"), archive)).toBe(commit);
  });

  it("leaves a repository that is right alone, and replaces one that is not", () => {
    const before = statSync(repository).ino;
    make(repository);
    expect(statSync(repository).ino).toBe(before);
    appendFileSync(join(repository, "axioms.json"), " ");
    expect(make(repository)).toBe(commit);
    expect(git(repository, "status", "--porcelain")).toBe("");
    expect(readdirSync(scratch).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("takes up where a killed run ended", () => {
    mkdirSync(join(scratch, ".again.making/.git"), { recursive: true });
    expect(make(join(scratch, "again"))).toBe(commit);
    expect(existsSync(join(scratch, ".again.making"))).toBe(false);
  });
});

describe("the identity", () => {
  it("is refused when a file that decides the verdict changed, and in a shallow clone", () => {
    const changed = clone("changed");
    appendFileSync(join(changed, "axioms.json"), " ");
    expect(python(changed, ["scripts/compute_identity_hash.py"])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("identity_sha256 is"),
    });
    const shallow = clone("shallow", "--depth=1");
    expect(python(shallow, ["scripts/compute_identity_hash.py"])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("git fetch --unshallow"),
    });
  });
});

describe("the stub scan", () => {
  it("finds what assumes or skips, and not what only speaks of it", () => {
    const text = [
      "(* Admitted. (* Axiom *) admit *)",
      'Definition s := "Admitted.".',
      "Lemma a : True. Admitted.",
      "Axiom b : False.",
      "Unset  Guard Checking.",
    ].join("\n");
    const checkout = clone("stubs");
    writeFileSync(join(checkout, "baseline/Slash.v"), text);
    const found = python(checkout, ["-c", "import claims; print(*claims.find_stubs(), sep='\\n')"]);
    expect(found.stdout.trim().split("\n")).toEqual([
      "baseline/Slash.v:3: Admitted",
      "baseline/Slash.v:4: Axiom",
      "baseline/Slash.v:5: Unset  Guard Checking",
    ]);
  });
});

describe("the audit log", () => {
  const append = [
    "import sys, audit_log, pathlib",
    "for n in range(40): audit_log.append(pathlib.Path(sys.argv[1]), {'n': n})",
  ].join("\n");

  it("keeps every entry of writers at the same time", async () => {
    const state = mkdtempSync(join(scratch, "state-"));
    expect(await Promise.all([1, 2, 3].map(() => concurrently(append, state)))).toEqual([0, 0, 0]);
    const numbers = [...readFileSync(join(state, logName), "utf8").matchAll(/"n": (?<n>\d+)/g)].map((match) =>
      Number(match.groups?.n),
    );
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, at) => Math.floor(at / 3)));
  });

  it.each(['[{"a":', "", '{"a": 1}'])("is left as it is when it reads %j", (content) => {
    const state = mkdtempSync(join(scratch, "state-"));
    writeFileSync(join(state, logName), content);
    const ended = python(repository, ["-c", append, state]);
    expect(ended.stderr).toContain("Restore it from the audit store");
    expect(ended.status).toBe(1);
    expect(readFileSync(join(state, logName), "utf8")).toBe(content);
  });
});

describe("without Coq", () => {
  it("the gate fails with its markers and no stack trace", () => {
    const ended = python(clone("gate"), ["test_lem_discharge.py"]);
    expect(ended).toMatchObject({ status: 1, stderr: "" });
    expect(ended.stdout).toContain("ERROR: `coq_makefile` is not on PATH");
    expect(ended.stdout.split("\n")).toContain("Overall status: FAIL");
    expect(ended.stdout.split("\n").filter((line) => line === "  <not checked>")).toHaveLength(3);
  });

  it("the agent stays in its sandbox, and that is on record", () => {
    const state = join(scratch, "deep/state");
    const ended = python(clone("boot"), ["scripts/boot_aligned_agent.py"], state);
    expect(ended).toMatchObject({ status: 1, stderr: "" });
    expect(ended.stdout.trimEnd().split("\n").at(-1)).toBe("[LOGOS-AGENT-OMEGA] Current status: SANDBOXED");
    const log = readFileSync(join(state, logName), "utf8");
    expect(log.match(/"rebuild_success": false/g)).toHaveLength(1);
  });
});

describe("system_mode_initializer.py", () => {
  it.each([
    [[], "DEMO_STABLE"],
    [["--mode", "Experimental"], "AGENTIC_EXPERIMENT"],
    [["--mode", "agentic_mode"], "AGENTIC_MISSION"],
  ])("writes the profile of %j", (modes, label) => {
    const state = mkdtempSync(join(scratch, "mode-"));
    const ended = python(repository, ["scripts/system_mode_initializer.py", ...modes], state);
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining(`[mission] Mode set to ${label}: `) });
    expect(readFileSync(join(state, "mission_profile.json"), "utf8")).toContain(`"label": "${label}"`);
  });

  it("takes a label for no mode, and writes nothing", () => {
    const state = mkdtempSync(join(scratch, "mode-"));
    const ended = python(repository, ["scripts/system_mode_initializer.py", "--mode", "DEMO_STABLE"], state);
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining("Unknown mission mode 'DEMO_STABLE'") });
    expect(readdirSync(state)).toEqual([]);
  });
});

const logName = "alignment_LOGOS-AGENT-OMEGA.json";

/** Makes the repository at `destination` and gives its commit id. */
function make(destination: string, from = folder): string {
  const made = spawnSync("sh", [join(from, "make-repository.sh"), destination], { encoding: "utf8" });
  expect(made).toMatchObject({ status: 0, stderr: "" });
  return made.stdout.trim();
}

function clone(name: string, ...options: readonly string[]): string {
  const checkout = join(scratch, `clone-${name}`);
  git(scratch, "clone", "-q", ...options, `file://${repository}`, checkout);
  return checkout;
}

function git(directory: string, ...args: readonly string[]): string {
  return output("git", ["-C", directory, ...args]);
}

/** Runs Python in a checkout, with a PATH that has Git and no Coq. */
function python(checkout: string, args: readonly string[], state?: string) {
  const env = withoutCoq(checkout);
  return spawnSync(interpreter, ["-B", ...args], {
    cwd: checkout,
    env: state === undefined ? env : { ...env, LOGOS_STATE_DIR: state },
    encoding: "utf8",
  });
}

/** The exit code of Python code that runs beside others of its kind. */
function concurrently(code: string, argument: string): Promise<number | null> {
  const child = spawn(interpreter, ["-B", "-c", code, argument], { env: withoutCoq(repository), stdio: "inherit" });
  return new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
}

function withoutCoq(checkout: string): NodeJS.ProcessEnv {
  return { HOME: scratch, PATH: tools, PYTHONPATH: join(checkout, "scripts") };
}

function output(command: string, args: readonly string[]): string {
  const ended = spawnSync(command, args, { encoding: "utf8" });
  expect(ended).toMatchObject({ status: 0 });
  return ended.stdout.trim();
}

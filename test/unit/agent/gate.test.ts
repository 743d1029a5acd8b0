import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runGate } from "../../../agent/gate/gate.ts";
import { exitCode, parseVerdict, requiredChecks } from "../../../core/verdict.ts";
import { type Fixture, imageDigest, makeFixture } from "./fixture.ts";

let machine: Fixture;
beforeEach(() => {
  machine = makeFixture();
});
afterEach(() => machine.remove());

async function judge(kind: "boot" | "bake" | "rebuild" = "boot") {
  const { verdict } = await runGate(machine.request(kind));
  return { verdict, code: exitCode(verdict), failure: verdict.firstFailure };
}

describe("a sound machine", () => {
  it("passes every check, in order, and says what it runs", async () => {
    const { verdict, code } = await judge();
    expect(verdict.firstFailure).toBeUndefined();
    expect(verdict.checks.map((check) => `${check.id} ${check.result}`)).toEqual(
      requiredChecks.boot.map((id) => `${id} PASS`),
    );
    expect(code).toBe(0);
    expect(verdict).toMatchObject({ commit: machine.git("rev-parse", "HEAD"), imageDigest, coqVersion: "8.20.1" });
    expect(parseVerdict(JSON.stringify(verdict), "verdict")).toEqual(verdict);
  });

  it("needs no manifest at the bake, and none in a user's rebuild", async () => {
    rmSync(machine.paths.image);
    expect((await judge("bake")).verdict.checks.map(({ id }) => id)).toEqual(requiredChecks.bake);
    expect((await judge("rebuild")).code).toBe(0);
    expect((await judge("boot")).code).toBe(2);
  });

  it("leaves the checkout clean and its lock free", async () => {
    await judge();
    expect(machine.git("status", "--porcelain")).toBe("");
    expect((await judge()).code).toBe(0);
  });
});

/** Each way a machine can be wrong: what is done to it, the check that must catch it, what it must say, and the exit code. */
const defects: readonly [string, (machine: Fixture) => void, string, RegExp, 1 | 2][] = [
  [
    "a baked file was changed",
    (m) => {
      const file = join(m.checkout, "src/One.v");
      m.sign([file]);
      appendFileSync(file, "(* *)");
    },
    "manifest",
    /src\/One\.v \(content\)/,
    1,
  ],
  [
    "a baked file is gone",
    (m) => {
      const file = join(m.checkout, "src/One.v");
      m.sign([file]);
      rmSync(file);
    },
    "manifest",
    /src\/One\.v \(missing\)/,
    1,
  ],
  [
    "the pins were changed after signing",
    (m) => appendFileSync(m.paths.pins, " "),
    "manifest",
    /pins\.json \(content\)/,
    1,
  ],
  [
    "the manifest was changed",
    (m) => appendFileSync(m.paths.manifest, `${"0".repeat(64)}  /etc/passwd\n`),
    "manifest",
    /not the manifest that was signed/,
    1,
  ],
  [
    "the image record was changed",
    (m) => appendFileSync(m.paths.image, " "),
    "manifest",
    /not of an allowed signer/,
    1,
  ],
  [
    "the signature is missing",
    (m) => rmSync(m.paths.imageSignature),
    "manifest",
    /the image's signature, cannot be read/,
    2,
  ],
  [
    "another signer is allowed",
    (m) =>
      writeFileSync(
        m.paths.allowedSigners,
        "logos-image ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE x\n",
      ),
    "manifest",
    /not of an allowed signer/,
    1,
  ],
  ["no signer is known", (m) => rmSync(m.paths.allowedSigners), "manifest", /allowed signers .* cannot be read/, 2],
  [
    "the machine was launched with another image",
    (m) => rewriteRecord(m, { imageDigest: "e".repeat(64) }),
    "manifest",
    /launched with e{64}/,
    1,
  ],
  [
    "the machine record is not JSON",
    (m) => writeFileSync(m.paths.machine, "{"),
    "manifest",
    /machine\.json: is not JSON/,
    2,
  ],
  [
    "another commit is checked out",
    (m) => m.git("commit", "-q", "--allow-empty", "-m", "other"),
    "commit",
    /is at commit .* but this machine is for/,
    1,
  ],
  [
    "a tracked file was edited",
    (m) => m.write("src/One.v", "Axiom truth : False.\n"),
    "commit",
    /not clean: {2}M src\/One\.v/,
    1,
  ],
  ["a file was added", (m) => m.write("extra.txt", "x"), "commit", /not clean: \?\? extra\.txt/, 1],
  [
    "the history is missing",
    (m) => writeFileSync(join(m.checkout, ".git/shallow"), `${m.git("rev-parse", "HEAD")}\n`),
    "commit",
    /shallow clone/,
    1,
  ],
  [
    "it is no Git checkout",
    (m) => rmSync(join(m.checkout, ".git/HEAD")),
    "commit",
    /git rev-parse .* exit code 128/,
    1,
  ],
  [
    "the agent hash was changed",
    (m) => release(m, "scripts/boot_aligned_agent.py", `EXPECTED_AGENT_HASH = "${"b".repeat(64)}"\n`),
    "agent-hash",
    /EXPECTED_AGENT_HASH .* is b{64}/,
    1,
  ],
  [
    "the agent hash is stated twice",
    (m) =>
      release(
        m,
        "scripts/boot_aligned_agent.py",
        `EXPECTED_AGENT_HASH = "${"a".repeat(64)}"\nEXPECTED_AGENT_HASH = "${"b".repeat(64)}"\n`,
      ),
    "agent-hash",
    /exactly once/,
    1,
  ],
  [
    "the boot script is missing",
    (m) => {
      m.git("rm", "-q", "scripts/boot_aligned_agent.py");
      m.commit();
      m.sign();
    },
    "agent-hash",
    /boot_aligned_agent\.py cannot be read \(ENOENT\)/,
    2,
  ],
  [
    "a guarded file was changed",
    (m) => release(m, "_CoqProject", "-Q src Tiny\n\nsrc/One.v\n"),
    "agent-hash",
    /guarded file _CoqProject has sha256/,
    1,
  ],
  [
    "the proofs fail",
    (m) => repin(m, 'print("Overall status: FAIL")\nraise SystemExit(1)\n'),
    "proofs",
    /ended with exit code 1/,
    1,
  ],
  [
    "the proofs do not say PASS",
    (m) => repin(m, 'print("Overall status: PASSED?")\n'),
    "proofs",
    /did not print the line/,
    1,
  ],
  ["the proofs are killed", (m) => repin(m, "import os\nos.kill(os.getpid(), 9)\n"), "proofs", /killed by SIGKILL/, 2],
  ["Coq is missing", (m) => m.removeProgram("coqc"), "proofs", /"coqc" is not installed/, 2],
  [
    "an axiom was added",
    (m) => m.program("coqc", fakeCoqc("Axioms:\nTiny.One.cheat : forall P : Prop, P")),
    "axioms",
    /Tiny\.One\.truth rests on Tiny\.One\.cheat, which is not pinned/,
    1,
  ],
  [
    "Coq reports something unknown",
    (m) => m.program("coqc", fakeCoqc("Axioms:\nTiny.One.f is assumed to be guarded.")),
    "axioms",
    /cannot be understood: unexpected text/,
    1,
  ],
  [
    "Coq gives no answer",
    (m) => m.program("coqc", 'case "$1" in --print-version) echo "8.20.1 5";; esac'),
    "axioms",
    /gave no answer for Tiny\.One\.truth/,
    2,
  ],
  [
    "a pinned theorem is gone",
    (m) =>
      m.program(
        "coqc",
        'case "$1" in --print-version) echo "8.20.1 5";; *) echo "Error: The reference Tiny.One.truth was not found in the current environment." >&2; exit 1;; esac',
      ),
    "axioms",
    /pinned theorem Tiny\.One\.truth does not exist/,
    1,
  ],
  [
    "the checker refuses",
    (m) => m.program("coqchk", "echo 'Fatal Error: bad'; exit 1"),
    "coqchk",
    /coqchk ended with exit code 1/,
    1,
  ],
  ["the checker says nothing", (m) => m.program("coqchk", "exit 0"), "coqchk", /did not say/, 1],
  ["the pins are not JSON", (m) => writeFileSync(m.paths.pins, "nonsense"), "setup", /pins\.json: is not JSON/, 2],
  [
    "the pins are empty",
    (m) => writeFileSync(m.paths.pins, "{}"),
    "setup",
    /agentHash must be 64 hex digits, not absent; guardedFiles/,
    2,
  ],
  ["the checkout is missing", (m) => rmSync(m.checkout, { recursive: true }), "setup", /ENOENT/, 2],
];

describe("a machine is refused when", () => {
  it.each(defects)("%s", async (_name, spoil, check, message, code) => {
    spoil(machine);
    const judged = await judge();
    expect(judged.failure?.message).toMatch(message);
    expect(judged.failure?.id).toBe(check);
    expect(judged.code).toBe(code);
    expect(judged.verdict.result).toBe("FAIL");
    // It stops at the first failure.
    expect(judged.verdict.checks.filter(({ result }) => result === "FAIL").length).toBe(check === "setup" ? 0 : 1);
  });

  it("another process holds the checkout, and it says which", async () => {
    const lock = join(machine.checkout, ".git/logos.lock");
    await judge();
    writeFileSync(lock, "a rehearsal, process 7");
    const holder = spawn("flock", [lock, "sh", "-c", "echo held; exec sleep 60"], {
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    await once(holder.stdout, "data");
    const { failure, code } = await judge();
    if (holder.pid !== undefined) process.kill(-holder.pid, "SIGKILL");
    expect(failure?.message).toMatch(/in use by a rehearsal, process 7/);
    expect(code).toBe(2);
  });
});

describe("the end of the failing output", () => {
  it("is in the verdict", async () => {
    repin(machine, 'print("ERROR: lemma 7 does not hold")\nraise SystemExit(1)\n');
    expect((await judge()).failure?.outputTail).toContain("lemma 7 does not hold");
  });
});

function fakeCoqc(answer: string): string {
  return `case "$1" in --print-version) echo "8.20.1 5.3.0" ;; *) for last; do :; done
    sed -n 's/^Redirect "\\(.*\\)" Print.*/\\1/p' "$last" | while read -r out; do echo "${answer}" > "$out.out"; done ;; esac`;
}

/** A new commit that is rightly signed, but that the pins do not know. */
function release(m: Fixture, path: string, text: string): void {
  m.write(path, text);
  m.commit();
  m.sign();
}

/** A new commit whose proof script is reviewed and signed. */
function repin(m: Fixture, script: string): void {
  m.write("test_lem_discharge.py", script);
  m.commit();
  m.pin();
  m.sign();
}

function rewriteRecord(m: Fixture, change: Readonly<Record<string, string>>): void {
  writeFileSync(m.paths.machine, JSON.stringify({ ...JSON.parse(readFileSync(m.paths.machine, "utf8")), ...change }));
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The workload's own gate with a real Coq. Without one on this machine these are skipped; machines of the lab have it. */
const coq = spawnSync("coqc", ["--version"]).status === 0;
const buildTimeoutMs = 180_000;
let scratch: string;
let repository: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "logos-proofs-"));
  repository = join(scratch, "repository");
  const script = join(import.meta.dirname, "../../workload/make-repository.sh");
  expect(spawnSync("sh", [script, repository]).status).toBe(0);
});

afterAll(() => rmSync(scratch, { recursive: true }));

describe.skipIf(!coq)("the workload's gate", () => {
  it("passes on the repository as it is made, and leaves the tree clean", { timeout: buildTimeoutMs }, () => {
    const ended = gate();
    expect(ended.stdout).toContain("\n=== Logos Kernel Rebuild ===\nOverall status: PASS\n");
    expect(ended.stdout.match(/^ {2}<none>$/gm)).toHaveLength(4);
    expect(ended.status).toBe(0);
    expect(spawnSync("git", ["-C", repository, "status", "--porcelain"], { encoding: "utf8" }).stdout).toBe("");
  });

  it("names an assumption, a stub, and a theorem that says less than it did", { timeout: buildTimeoutMs }, () => {
    const kept = [
      replace("baseline/Slash.v", /(Lemma slash_provable[\s\S]*?)Qed\./, "$1Admitted."),
      replace(
        "baseline/Kalmar.v",
        /(Theorem finite_strong_completeness :)[\s\S]*?Qed\./,
        "$1 True.\nProof. exact I. Qed.",
      ),
    ];
    const ended = gate();
    for (const restore of kept) restore();
    expect(ended.stdout).toContain("Overall status: FAIL");
    expect(ended.stdout).toContain("\n  Logos.Slash.disjunction_property: Slash.slash_provable\n");
    expect(ended.stdout).toMatch(/^ {2}baseline\/Slash\.v:\d+: Admitted$/m);
    expect(ended.stdout).toContain("ERROR: Logos.Kalmar.finite_strong_completeness does not state what it stated");
    expect(ended.status).toBe(1);
  });

  it("fails on a proof that is wrong, and says which checks did not run", { timeout: buildTimeoutMs }, () => {
    const restore = replace("baseline/Principles.v", /exact \(n \(h n\)\)/, "exact n");
    const ended = gate();
    restore();
    expect(ended.stdout).toContain("Overall status: FAIL");
    expect(ended.stdout.match(/^ {2}<not checked>$/gm)).toHaveLength(3);
    expect(ended.stderr).toContain("baseline/Principles.v");
    expect(ended.status).toBe(1);
  });
});

function gate() {
  return spawnSync("python3", [join(repository, "test_lem_discharge.py")], { cwd: "/", encoding: "utf8" });
}

/** Changes a source, and gives what puts it back. */
function replace(path: string, pattern: RegExp, by: string): () => void {
  const file = join(repository, path);
  const text = readFileSync(file, "utf8");
  const changed = text.replace(pattern, by);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  return () => writeFileSync(file, text);
}

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveWorkload } from "../../components/workload.ts";

const agentHash = "a0".repeat(32);
let folder = "";
let repository = "";
let first = "";
let second = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "logos-workload-"));
  repository = join(folder, "proofs");
  mkdirSync(join(repository, "scripts"), { recursive: true });
  git(repository, "init", "--quiet", "--initial-branch=main");
  first = commit("other", "00".repeat(32));
  second = commit("proof", agentHash);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(where: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", ["-C", where, ...identity, ...args], { encoding: "utf8" }).trim();
}

function commit(message: string, hash: string): string {
  const script = `import os\nEXPECTED_AGENT_HASH = "${hash}"\n`;
  writeFileSync(join(repository, "scripts", "boot_aligned_agent.py"), script);
  git(repository, "add", "--all");
  git(repository, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(repository, "rev-parse", "HEAD");
}

let projects = 0;
function project(): string {
  const root = join(folder, `project-${projects++}`);
  mkdirSync(root);
  return root;
}

function resolve(given: {
  repository?: string;
  commit?: string;
  root?: string;
  agentHash?: string;
  guarded?: Record<string, string>;
}) {
  return resolveWorkload({
    root: given.root ?? project(),
    repository: given.repository ?? repository,
    commit: given.commit ?? "HEAD",
    pins: {
      agentHash: given.agentHash ?? agentHash,
      guardedFiles: new Map(Object.entries(given.guarded ?? {})),
    },
  });
}

function refusal(given: Parameters<typeof resolve>[0]): string {
  try {
    resolve(given);
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
  throw new Error("not refused");
}

function checkout(bundle: string): string {
  const clone = join(folder, `clone-${projects++}`);
  git(folder, "clone", "--quiet", bundle, clone);
  return clone;
}

describe("resolveWorkload", () => {
  it("makes a bundle that is a clone of the commit with its history", () => {
    const workload = resolve({});
    expect(workload).toMatchObject({ repository, commit: second });
    const clone = checkout(workload.bundle);
    expect(git(clone, "rev-list", "HEAD").split("\n")).toEqual([second, first]);
    expect(git(clone, "rev-parse", "--is-shallow-repository")).toBe("false");
  });

  it("takes the commit that is named, and nothing that came after it", () => {
    const { bundle } = resolve({ commit: first, agentHash: "00".repeat(32) });
    expect(git(checkout(bundle), "rev-list", "--all")).toBe(first);
  });

  it("makes the same bytes in another project, however the repository is packed", () => {
    const one = readFileSync(resolve({}).bundle);
    git(repository, "gc", "--quiet", "--aggressive");
    const two = readFileSync(resolve({}).bundle);
    expect(two.equals(one)).toBe(true);
  });

  it("makes a bundle once, and leaves nothing else behind", () => {
    const root = project();
    const { bundle } = resolve({ root });
    writeFileSync(bundle, "marked");
    expect(readFileSync(resolve({ root }).bundle, "utf8")).toBe("marked");
    expect(readdirSync(join(root, "build", "workload"))).toEqual([`${second}.bundle`]);
  });

  it("leaves the user's repository as it is", () => {
    const refs = git(repository, "for-each-ref");
    resolve({});
    expect(git(repository, "for-each-ref")).toBe(refs);
    expect(git(repository, "status", "--porcelain")).toBe("");
  });

  it("fetches a URL, and what was added there later", () => {
    const root = project();
    const url = `file://${repository}`;
    expect(resolve({ root, repository: url }).commit).toBe(second);
    const third = commit("later", agentHash);
    expect(resolve({ root, repository: url }).commit).toBe(third);
    git(repository, "reset", "--quiet", "--hard", second);
    expect(resolve({ root, repository: url, commit: third }).commit).toBe(third);
  });

  it("does not need the network for a commit id that is already here", () => {
    const root = project();
    const copy = join(folder, "vanishing");
    git(folder, "clone", "--quiet", repository, copy);
    const url = `file://${copy}`;
    resolve({ root, repository: url });
    rmSync(copy, { recursive: true });
    expect(resolve({ root, repository: url, commit: second }).commit).toBe(second);
    expect(refusal({ root, repository: url })).toContain(`The workload's repository ${url} cannot be fetched`);
  });

  it("makes a repository of a plain folder that knows how", () => {
    const plain = join(folder, "plain");
    mkdirSync(plain);
    writeFileSync(
      join(plain, "make-repository.sh"),
      `set -eu\n[ -d "$1" ] || git clone --quiet "${repository}" "$1"\n`,
    );
    expect(resolve({ repository: plain }).commit).toBe(second);
  });

  it("names repository and commit where the commit is not there", () => {
    const missing = "f".repeat(40);
    const message = refusal({ commit: missing });
    expect(message).toContain(`${repository} has no commit "${missing}"`);
    expect(message).toContain("logos:workload.commit");
    expect(refusal({ commit: "--all" })).toContain('has no commit "--all"');
  });

  it("says that a plain folder is no repository", () => {
    const plain = join(folder, "nothing");
    mkdirSync(plain);
    expect(refusal({ repository: plain })).toContain("is not a Git repository, and has no make-repository.sh");
  });

  it("refuses a shallow clone", () => {
    const shallow = join(folder, "shallow");
    git(folder, "clone", "--quiet", "--depth=1", `file://${repository}`, shallow);
    expect(refusal({ repository: shallow })).toContain("is a shallow clone");
  });

  it("refuses an agent that the pins do not name, before anything is made", () => {
    const root = project();
    const message = refusal({ root, agentHash: "1".repeat(64) });
    expect(message).toContain(`Commit ${second} of ${repository} is not what the pins ask for. Nothing was changed.`);
    expect(message).toContain(`names the agent hash ${agentHash}; pinned is ${"1".repeat(64)}`);
    expect(readdirSync(join(root, "build", "workload"))).toEqual([]);
  });

  it("refuses guarded files that differ or are gone, each by its name", () => {
    const path = "scripts/boot_aligned_agent.py";
    const truth = createHash("sha256")
      .update(readFileSync(join(repository, path)))
      .digest("hex");
    expect(resolve({ guarded: { [path]: truth } }).commit).toBe(second);
    const message = refusal({ guarded: { [path]: "0".repeat(64), "scripts/gone.py": truth } });
    expect(message).toContain(`${path} has sha256 ${truth}; pinned is ${"0".repeat(64)}`);
    expect(message).toContain("scripts/gone.py is not there; it is guarded");
  });

  it("refuses a commit without that agent", () => {
    git(repository, "checkout", "--quiet", "--orphan", "bare-of-agents");
    git(repository, "rm", "--quiet", "-r", "--force", ".");
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "empty");
    expect(refusal({})).toContain("scripts/boot_aligned_agent.py has no constant EXPECTED_AGENT_HASH");
    git(repository, "checkout", "--quiet", "main");
  });
});

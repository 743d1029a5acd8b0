import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { commitPattern, sha256Hex } from "../core/digest.ts";
import type { Pins } from "../core/pins.ts";
import { isUrl } from "./config.ts";
import { fileAt, findCommit, git, gitEnvironment, gitMessage, isBare, tryGit } from "./git.ts";

/** The workload at one commit, on this host and ready to be carried to a builder. */
export interface Workload {
  /** As the user named it. */
  readonly repository: string;
  /** Full commit id. */
  readonly commit: string;
  /** Path of a Git bundle that holds the commit as branch `main`, with its whole history. */
  readonly bundle: string;
  /** Every commit in it, the commit itself first. */
  readonly history: readonly string[];
}

export interface WorkloadSource {
  /** Folder that relative paths start from. */
  readonly root: string;
  readonly repository: string;
  readonly commit: string;
  readonly pins: Pick<Pins, "agentHash" | "guardedFiles">;
  /** File in the form of allowed_signers (ssh-keygen): one of them must have signed the commit. Absent: nobody has to. */
  readonly signers?: string;
}

/**
 * Finds the commit, holds it against the pins and makes the bundle, before any resource is declared.
 *
 * @throws pulumi.RunError naming repository and commit, and what to do.
 */
export function resolveWorkload(source: WorkloadSource): Workload {
  const cache = join(source.root, "build", "workload");
  mkdirSync(cache, { recursive: true });
  const repository = openRepository(source, cache);
  const commit = resolveCommit(source, repository);
  if (git(repository, ["rev-parse", "--is-shallow-repository"]) !== "false") {
    throw new pulumi.RunError(
      `The workload's repository ${source.repository} is a shallow clone. Its proofs check the commit's ancestry, so the ` +
        "whole history is needed: run `git fetch --unshallow` there.",
    );
  }
  if (source.signers !== undefined) checkSignature(source, repository, commit, source.signers);
  checkPins(source, repository, commit);
  const history = git(repository, ["rev-list", commit]).split("\n");
  return { repository: source.repository, commit, bundle: makeBundle(repository, commit, cache), history };
}

/** Folder of a Git repository that holds the workload. */
function openRepository(source: WorkloadSource, cache: string): string {
  if (isUrl(source.repository)) return fetchRepository(source, cache);
  const folder = realpathSync(resolve(source.root, source.repository));
  if (tryGit(folder, ["rev-parse", "--show-toplevel"]) === folder || isBare(folder)) return folder;
  const maker = join(folder, "make-repository.sh");
  if (!existsSync(maker)) {
    throw new pulumi.RunError(
      `${source.repository} is not a Git repository, and has no make-repository.sh that makes one. Name the top folder of ` +
        "a repository in logos:workload.repository.",
    );
  }
  const made = join(cache, `made-${shortHash(folder)}`);
  const stamp = `${made}.stamp`;
  const state = folderState(folder);
  if (existsSync(made) && existsSync(stamp) && readFileSync(stamp, "utf8") === state) return made;
  execFileSync("sh", [maker, made], { stdio: ["ignore", "ignore", "inherit"], env: gitEnvironment() });
  writeFileSync(stamp, state);
  return made;
}

/** Changes with every file of a folder that is written, moved or removed. Making a repository is slow beside looking. */
function folderState(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return shortHash(
    entries
      .map((entry) => {
        const { size, ctimeMs, mode } = lstatSync(join(folder, entry));
        return `${entry}\0${size}\0${ctimeMs}\0${mode}\n`;
      })
      .join(""),
  );
}

function fetchRepository(source: WorkloadSource, cache: string): string {
  const mirror = join(cache, `mirror-${shortHash(source.repository)}.git`);
  // A commit id means the same for ever, so what is here need not be fetched.
  if (existsSync(mirror) && commitPattern.test(source.commit) && findCommit(mirror, source.commit) !== undefined) {
    return mirror;
  }
  try {
    if (existsSync(mirror)) {
      git(mirror, ["fetch", "--quiet", "--prune", "origin"]);
    } else {
      withTemporaryFolder(cache, (temporary) => {
        git(cache, ["clone", "--quiet", "--mirror", "--", source.repository, join(temporary, "mirror")]);
        renameSync(join(temporary, "mirror"), mirror);
      });
    }
  } catch (error) {
    throw new pulumi.RunError(
      `The workload's repository ${source.repository} cannot be fetched: ${gitMessage(error)}. Check the URL in ` +
        "logos:workload.repository, or name a folder that holds a clone.",
    );
  }
  return mirror;
}

function resolveCommit(source: WorkloadSource, repository: string): string {
  const commit = findCommit(repository, source.commit);
  if (commit !== undefined) return commit;
  throw new pulumi.RunError(
    `The workload's repository ${source.repository} has no commit "${source.commit}". Set logos:workload.commit to a commit, ` +
      "tag or branch that is there, or fetch it into that repository first.",
  );
}

/**
 * Holds the commit against the keys that may sign, by SSH: OpenPGP and X.509 would ask the key rings of whoever runs this.
 * The machines do the same before they rebuild.
 */
function checkSignature(source: WorkloadSource, repository: string, commit: string, signers: string): void {
  const settings = [`gpg.ssh.allowedSignersFile=${signers}`, "gpg.program=false", "gpg.x509.program=false"];
  try {
    git(repository, [...settings.flatMap((setting) => ["-c", setting]), "verify-commit", commit]);
  } catch (error) {
    throw new pulumi.RunError(
      `Commit ${commit} of ${source.repository} is not signed by a key of ${signers}: ${gitMessage(error) || "it has no signature"}. ` +
        "Nothing was changed. Use a signed commit (`git commit -S`, gpg.format ssh), or have the signer reviewed and added there.",
    );
  }
}

/**
 * Holds the commit against the pins before anything is made. The gate does the same on the machines, and more; here a
 * mistake costs a second instead of a bake.
 */
function checkPins(source: WorkloadSource, repository: string, commit: string): void {
  const wrong = [...agentMistakes(source, repository, commit), ...fileMistakes(source, repository, commit)];
  if (wrong.length === 0) return;
  throw new pulumi.RunError(
    [
      `Commit ${commit} of ${source.repository} is not what the pins ask for. Nothing was changed.`,
      ...wrong.map((mistake) => `  ${mistake}`),
      "Use another commit, or have the change reviewed in the file that logos:workload.pins names " +
        "(`logos-agent gate --propose` prints it).",
    ].join("\n"),
  );
}

function agentMistakes({ pins }: WorkloadSource, repository: string, commit: string): readonly string[] {
  const path = "scripts/boot_aligned_agent.py";
  const script = fileAt(repository, commit, path)?.toString("utf8") ?? "";
  const found = /^EXPECTED_AGENT_HASH\s*=\s*["']([^"']*)["']/m.exec(script)?.[1];
  if (found === pins.agentHash) return [];
  if (found === undefined) return [`${path} has no constant EXPECTED_AGENT_HASH; pinned is ${pins.agentHash}`];
  return [`${path} names the agent hash ${found}; pinned is ${pins.agentHash}`];
}

function fileMistakes({ pins }: WorkloadSource, repository: string, commit: string): readonly string[] {
  return [...pins.guardedFiles].flatMap(([path, pinned]) => {
    const content = fileAt(repository, commit, path);
    if (content === undefined) return [`${path} is not there; it is guarded`];
    const found = sha256Hex(content);
    return found === pinned ? [] : [`${path} has sha256 ${found}; pinned is ${pinned}`];
  });
}

/**
 * The commit as one file. It is packed anew from its objects, with one thread, so that the same commit gives the same
 * bytes however the repository happens to be packed: a builder that was captured would otherwise be given "another" file.
 */
function makeBundle(repository: string, commit: string, cache: string): string {
  const bundle = join(cache, `${commit}.bundle`);
  if (existsSync(bundle)) return bundle;
  const objects = resolve(repository, git(repository, ["rev-parse", "--git-path", "objects"]));
  withTemporaryFolder(cache, (temporary) => {
    git(temporary, ["init", "--quiet", "--bare", "--initial-branch=main"]);
    writeFileSync(join(temporary, "objects", "info", "alternates"), `${objects}\n`);
    git(temporary, ["update-ref", "refs/heads/main", commit]);
    git(temporary, ["-c", "pack.threads=1", "repack", "-a", "-d", "-f", "-q"]);
    const file = join(temporary, "bundle");
    git(temporary, ["-c", "pack.threads=1", "bundle", "create", "--quiet", file, "HEAD", "refs/heads/main"]);
    renameSync(file, bundle);
  });
  return bundle;
}

function withTemporaryFolder(parent: string, use: (folder: string) => void): void {
  const folder = mkdtempSync(join(parent, ".tmp-"));
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

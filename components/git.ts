import { execFileSync } from "node:child_process";
import { messageOf } from "../core/errors.ts";

/** Git over repositories that this program only reads, and over folders of its own. */

/** The repository may belong to another user: it is only read, and none of its hooks is run. */
const readOnly = ["-c", "safe.directory=*"];

/** Runs git in a folder and answers with what it printed, without the newlines at its end. */
export function git(folder: string, args: readonly string[]): string {
  return execFileSync("git", [...readOnly, "-C", folder, ...args], {
    encoding: "utf8",
    env: gitEnvironment(),
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
  }).trimEnd();
}

/** The bytes of a file in a commit, or undefined where there is none. */
export function fileAt(repository: string, commit: string, path: string): Buffer | undefined {
  try {
    return execFileSync("git", [...readOnly, "-C", repository, "cat-file", "blob", `${commit}:${path}`], {
      env: gitEnvironment(),
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  }
}

/** The same, or undefined when git fails. */
export function tryGit(folder: string, args: readonly string[]): string | undefined {
  try {
    return git(folder, args);
  } catch {
    return undefined;
  }
}

/** Without the variables by which a Git hook around this command would point Git at another repository, and never asking. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY)$/.test(name),
  );
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: "0" };
}

/** What git said when it failed, on one line. */
export function gitMessage(error: unknown): string {
  if (typeof error === "object" && error !== null && "stderr" in error && typeof error.stderr === "string") {
    return error.stderr.trim().replaceAll("\n", "; ");
  }
  return messageOf(error);
}

/** The full id of the commit that a name stands for, or undefined. */
export function findCommit(repository: string, name: string): string | undefined {
  return tryGit(repository, ["rev-parse", "--quiet", "--verify", "--end-of-options", `${name}^{commit}`]);
}

/** Is this folder itself a bare repository? */
export function isBare(folder: string): boolean {
  return (
    tryGit(folder, ["rev-parse", "--is-bare-repository"]) === "true" &&
    tryGit(folder, ["rev-parse", "--absolute-git-dir"]) === folder
  );
}

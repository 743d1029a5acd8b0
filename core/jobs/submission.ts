import { commitPattern } from "../digest.ts";
import { type Fields, Malformed, readJson } from "../json.ts";
import { classRules, type JobClass, jobClasses, longestArray, longestMinutes } from "./classes.ts";

/** Made by whoever submits, before the first try: the same id again finds the job instead of making another. */
export const submissionPattern = /^[0-9a-f]{16,32}$/;

/** One request for work, as it travels to the control plane. */
export interface Submission {
  readonly submission: string;
  readonly class: JobClass;
  /** Program and arguments; empty unless the class is `command`. */
  readonly command: readonly string[];
  /** Full commit id, or the beginning of one; absent for the image's own. */
  readonly commit?: string;
  readonly cpus: number;
  /** MiB; absent for the share that goes with the slots. */
  readonly memoryMb?: number;
  /** Number of tasks; absent for a single job. */
  readonly array?: number;
  readonly minutes: number;
}

/** What the job carries in Slurm's comment, so that everything about it is found there. */
export interface JobTag {
  readonly submission: string;
  readonly class: JobClass;
  readonly commit?: string;
}

/** @throws Malformed with every mistake */
export function parseSubmission(text: string): Submission {
  return readJson(text, "submission", (fields) => {
    const jobClass = fields.oneOf("class", jobClasses);
    const command = fields.strings("command");
    if ((jobClass === "command") !== command.length > 0)
      fields.problem("command", "must be given for the class command, and for no other");
    return {
      submission: fields.string("submission", "16 to 32 hex digits", submissionPattern),
      class: jobClass,
      command,
      cpus: fields.integer("cpus", 1),
      minutes: atMost(fields, "minutes", longestMinutes),
      ...(fields.has("commit") ? { commit: fields.string("commit", "7 to 40 hex digits", /^[0-9a-f]{7,40}$/) } : {}),
      ...(fields.has("memoryMb") ? { memoryMb: fields.integer("memoryMb", 1) } : {}),
      ...(fields.has("array") ? { array: atMost(fields, "array", longestArray) } : {}),
    };
  });
}

function atMost(fields: Fields, key: string, most: number): number {
  const value = fields.integer(key, 1);
  if (value > most) fields.problem(key, `must be at most ${most}, not ${value}`);
  return value;
}

export function renderTag(tag: JobTag): string {
  return JSON.stringify(tag);
}

/** The tag in a job's comment; undefined for a job that was not submitted this way. */
export function parseTag(comment: string): JobTag | undefined {
  try {
    return readJson(comment, "comment", (fields) => ({
      submission: fields.string("submission", "16 to 32 hex digits", submissionPattern),
      class: fields.oneOf("class", jobClasses),
      ...(fields.has("commit") ? { commit: fields.string("commit", "a commit id", commitPattern) } : {}),
    }));
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Folder of the output that a node keeps of a job, and of the job's working directory. */
const nodeFolder = "/tmp";

/**
 * Arguments of `sbatch`, which takes the script of {@link renderScript} on its standard input. The job's environment is
 * Slurm's own alone: what a person has set on the control plane must not change a result.
 */
export function sbatchArguments(submission: Submission, tag: JobTag): readonly string[] {
  const { class: jobClass, cpus, memoryMb, array, minutes } = submission;
  return [
    "--parsable",
    `--job-name=${jobClass}`,
    `--comment=${renderTag(tag)}`,
    "--ntasks=1",
    `--cpus-per-task=${cpus}`,
    ...(memoryMb === undefined ? [] : [`--mem=${memoryMb}`]),
    `--time=${minutes}`,
    ...(array === undefined ? [] : [`--array=0-${array - 1}`]),
    ...(classRules[jobClass].serial ? ["--dependency=singleton"] : []),
    "--requeue",
    "--open-mode=append",
    `--chdir=${nodeFolder}`,
    `--output=${nodeFolder}/logos-job-%j.out`,
    "--export=NIL",
  ];
}

/** The batch script: the node's own program runs the job and carries its output to the control plane. */
export function renderScript(submission: Submission, commit: string | undefined): string {
  const commitOption = commit === undefined ? [] : ["--commit", commit];
  const command = submission.command.length === 0 ? [] : ["--", ...submission.command];
  const words = ["/usr/bin/logos-agent", "job", submission.class, ...commitOption, ...command];
  return `#!/bin/sh\nexec ${words.map(shellWord).join(" ")}\n`;
}

/** A word that the shell takes as it stands. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Slots and MiB of a node. */
export interface NodeSize {
  readonly cpus: number;
  readonly memoryMb: number;
}

/** Reads `sinfo --noheader --format=%c|%m`: the sizes of all nodes, placeholders among them. @throws Malformed */
export function parseSizes(text: string): readonly NodeSize[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const [, cpus, memory] = /^\s*(\d+)\+?\|(\d+)\+?\s*$/.exec(line) ?? [];
    if (cpus === undefined || memory === undefined)
      throw new Malformed("sinfo", [`line ${JSON.stringify(line)} is not slots|MiB`]);
    return { cpus: Number(cpus), memoryMb: Number(memory) };
  });
}

/** Why no node could ever run it, with the largest node there is; undefined when one could. */
export function tooLarge({ cpus, memoryMb = 0 }: Submission, sizes: readonly NodeSize[]): string | undefined {
  if (sizes.some((size) => size.cpus >= cpus && size.memoryMb >= memoryMb)) return undefined;
  const largest = sizes.toSorted((a, b) => b.cpus - a.cpus || b.memoryMb - a.memoryMb)[0];
  const asked = `${cpus} slot${cpus === 1 ? "" : "s"}${memoryMb === 0 ? "" : ` and ${memoryMb} MiB`}`;
  if (largest === undefined) return `The job asks for ${asked}, and the scheduler has no node of any size.`;
  return (
    `The job asks for ${asked}, more than any node of this pool has: the largest has ${largest.cpus} slots and ` +
    `${largest.memoryMb} MiB. Ask for less, or make the nodes larger (logos:node) and run \`up\`.`
  );
}

/**
 * The full id of a commit that the image holds.
 * @param history commits that the baked repository holds, the image's own first.
 * @returns the id, or why there is none
 */
export function findCommit(asked: string, history: readonly string[]): { commit: string } | { refusal: string } {
  const found = history.filter((commit) => commit.startsWith(asked));
  const [commit] = found;
  if (commit !== undefined && found.length === 1) return { commit };
  if (found.length > 1) return { refusal: `"${asked}" begins ${found.length} commits: give more of its digits.` };
  return {
    refusal:
      `The image does not hold commit ${asked}: it holds ${history[0] ?? "none"} with its history. ` +
      "Set logos:workload.commit to the commit and run `up`, which bakes an image with it.",
  };
}

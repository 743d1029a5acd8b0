import { randomBytes } from "node:crypto";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { classRules, jobClasses, longestArray, longestMinutes } from "../core/jobs/classes.ts";
import { exitCodes } from "../core/jobs/exit-codes.ts";
import { type Submission, submissionPattern } from "../core/jobs/submission.ts";
import { Complaint } from "./complaint.ts";

/** A wrong call: what is wrong, and where the right one stands. */
export class Usage extends Complaint {
  constructor(message: string, command = "") {
    super(`${message}\nSee \`logos ${command === "" ? "" : `${command} `}--help\`.`, exitCodes.usage);
  }
}

/** As parseArgs, strict; a mistake is a {@link Usage} of `command`. */
export function readOptions<T extends ParseArgsConfig>(command: string, config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Usage(error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error), command);
  }
}

export interface RunCall {
  readonly submission: Submission;
  readonly wait: boolean;
  readonly json: boolean;
}

/** Reads the arguments of `logos run`. @throws Usage */
export function parseRun(args: readonly string[]): RunCall {
  const end = args.indexOf("--");
  const { values, positionals } = readOptions("run", {
    args: end === -1 ? [...args] : args.slice(0, end),
    allowPositionals: true,
    options: {
      commit: { type: "string" },
      cpus: { type: "string" },
      memory: { type: "string" },
      array: { type: "string" },
      time: { type: "string" },
      submission: { type: "string" },
      wait: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const command = end === -1 ? [] : args.slice(end + 1);
  const named = jobClasses.find((name) => name === positionals[0] && name !== "command");
  const jobClass = named ?? (positionals.length === 0 && command.length > 0 ? "command" : undefined);
  if (jobClass === undefined || positionals.length > 1 || (named !== undefined && end !== -1))
    throw new Usage("Say what to run: rebuild, boot, stress, or `--` and a command.", "run");
  const rules = classRules[jobClass];
  if (values.commit !== undefined && !rules.takesCommit) throw new Usage("A command has no commit.", "run");
  if (values.commit !== undefined && !/^[0-9a-f]{7,40}$/.test(values.commit))
    throw new Usage(`--commit takes a commit id of 7 to 40 hex digits, not "${values.commit}".`, "run");
  if (values.submission !== undefined && !submissionPattern.test(values.submission))
    throw new Usage("--submission takes an id that an earlier call printed.", "run");
  return {
    wait: values.wait === true,
    json: values.json === true,
    submission: {
      submission: values.submission ?? randomBytes(12).toString("hex"),
      class: jobClass,
      command,
      cpus: values.cpus === undefined ? rules.cpus : whole("--cpus", values.cpus, 1024),
      minutes: values.time === undefined ? rules.minutes : minutes(values.time),
      ...(values.commit === undefined ? {} : { commit: values.commit }),
      ...(values.memory === undefined ? {} : { memoryMb: mebibytes(values.memory) }),
      ...(values.array === undefined ? {} : { array: whole("--array", values.array, longestArray) }),
    },
  };
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new Usage(`${option} takes a whole number from 1 to ${most}, not "${text}".`, "run");
}

function minutes(text: string): number {
  const [, number, unit] = /^(\d+)([mh]?)$/.exec(text) ?? [];
  const value = Number(number) * (unit === "h" ? 60 : 1);
  if (value >= 1 && value <= longestMinutes) return value;
  throw new Usage(
    `--time takes minutes (90, 90m) or hours (2h), at most ${longestMinutes / 60}h, not "${text}".`,
    "run",
  );
}

function mebibytes(text: string): number {
  const [, number, unit] = /^(\d+)([MG]?)$/.exec(text) ?? [];
  const value = Number(number) * (unit === "G" ? 1024 : 1);
  if (value >= 1 && Number.isSafeInteger(value)) return value;
  throw new Usage(`--memory takes MiB (2048, 2048M) or GiB (2G), not "${text}".`, "run");
}

/** A job's number: `12`. @throws Usage */
export function jobId(text: string | undefined, command: string): number {
  if (text !== undefined && /^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new Usage(`Name a job by its number${text === undefined ? "" : `, not "${text}"`}.`, command);
}

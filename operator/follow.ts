import { setTimeout as pause } from "node:timers/promises";
import { type FollowEvent, parseFollowEvent } from "../core/jobs/events.ts";
import { exitCodes } from "../core/jobs/exit-codes.ts";
import { Malformed } from "../core/json.ts";
import { Complaint } from "./complaint.ts";
import { isPassing, lastLines, type Remote, unavailable } from "./remote.ts";

export type JobEnd = Extract<FollowEvent, { event: "end" }>;

export interface Listener {
  /** Bytes that the job printed. */
  output(bytes: Buffer): void;
  /** A line for the person. */
  say(line: string): void;
}

/** How long a control plane that is away is waited for, in seconds: it can be rebuilt many times in that. */
const patienceSeconds = 600;

/**
 * Follows a job to its end, through lost connections, a restarted control plane, and the job's own moves from node to node.
 * Nothing of the output comes twice.
 * @returns the ends, one for each task of an array; undefined when `signal` was aborted first.
 * @throws Complaint
 */
export async function followJob(
  remote: Remote,
  job: number,
  listener: Listener,
  signal: AbortSignal,
  retryMs = 1000,
): Promise<readonly JobEnd[] | undefined> {
  const ends = new Map<number, JobEnd>();
  const at = { attempt: 0, offset: 0 };
  let told = "";
  let unknown = false;
  let failure: Malformed | undefined;
  const tell = (line: string) => {
    if (line !== told) listener.say(line);
    told = line;
  };
  const take = (line: string) => {
    const event = parseFollowEvent(line);
    switch (event.event) {
      case "output": {
        const bytes = Buffer.from(event.data, "base64");
        if (event.attempt > at.attempt) {
          tell(`job ${job}: begins again, attempt ${event.attempt + 1}`);
          Object.assign(at, { attempt: event.attempt, offset: 0 });
        }
        // What was cut off with a connection is sent again from where we are.
        const news =
          event.attempt < at.attempt ? Buffer.alloc(0) : bytes.subarray(Math.max(0, at.offset - event.offset));
        if (news.length > 0) listener.output(news);
        at.offset = Math.max(at.offset, event.offset + bytes.length);
        break;
      }
      case "state":
        tell(`job ${event.job}: ${stateLine(event)}`);
        break;
      case "waiting":
        tell(`job ${job}: ${event.for}; still following`);
        break;
      case "end":
        ends.set(event.job, event);
        break;
      case "unknown":
        unknown = true;
    }
  };
  for (let lastContact = performance.now(); !signal.aborted; ) {
    const answer = await remote.stream(
      `logos-agent follow ${job} --from ${at.attempt}:${at.offset}`,
      (line) => {
        lastContact = performance.now();
        try {
          take(line);
        } catch (error) {
          if (!(error instanceof Malformed)) throw error;
          // The last line of a lost connection may be half a line; what it held comes again.
          failure = error;
        }
      },
      signal,
    );
    if (signal.aborted) break;
    if (unknown) throw lost(job);
    if (answer.code === 0 && failure !== undefined) throw new Complaint(failure.message);
    if (answer.code === 0) return [...ends.values()].toSorted((a, b) => a.job - b.job);
    if (!isPassing(answer)) throw new Complaint(`Job ${job} cannot be followed: ${lastLines(answer.stderr)}`);
    const away = (performance.now() - lastContact) / 1000;
    if (away > patienceSeconds) throw unavailable(answer, Math.round(away));
    tell(`job ${job}: the control plane does not answer; the job goes on, and so does this`);
    failure = undefined;
    await pause(retryMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

function stateLine({ state, reason, node }: Extract<FollowEvent, { event: "state" }>): string {
  if (state === "PENDING") return `waits (${reason})`;
  return `${state.toLowerCase()}${node === "" ? "" : ` on ${node}`}`;
}

function lost(job: number): Complaint {
  return new Complaint(
    `The scheduler does not know job ${job}, and it left no record. \`logos jobs --all\` lists those it knows.`,
    exitCodes.refused,
  );
}

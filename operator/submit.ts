import { exitCodes } from "../core/jobs/exit-codes.ts";
import type { Submission } from "../core/jobs/submission.ts";
import { Malformed, readJson } from "../core/json.ts";
import { Complaint } from "./complaint.ts";
import { isPassing, lastLines, type Remote, unavailable } from "./remote.ts";

/** Time as the retries see it, in milliseconds. */
export interface Clock {
  now(): number;
  pause(ms: number): Promise<void>;
}

export const realClock: Clock = {
  now: () => performance.now(),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export interface Submitted {
  readonly job: number;
  /** An earlier try had made it. */
  readonly known: boolean;
  /** It stands in the queue on the scheduler's disk. */
  readonly saved: boolean;
}

/** How long a submission is tried, in seconds; a rebuilt control plane takes about half of it. */
export const submitSeconds = 60;
/** A try includes the wait until the queue is saved. */
const trySeconds = 40;
const longestPauseMs = 4000;

/**
 * Submits once, however often it has to be tried: every try names the same submission, and the control plane looks for it before
 * it submits.
 * @throws Complaint: refused, with the reason; or not answered, with how to go on.
 */
export async function submitOnce(
  remote: Remote,
  submission: Submission,
  say: (line: string) => void,
  clock: Clock = realClock,
  seconds = submitSeconds,
): Promise<Submitted> {
  const deadline = clock.now() + seconds * 1000;
  for (let tries = 1; ; tries += 1) {
    const answer = await remote.run("logos-agent submit", { input: JSON.stringify(submission), seconds: trySeconds });
    if (answer.code === 0) return parseSubmitted(answer.stdout);
    if (answer.code === exitCodes.refused) throw new Complaint(lastLines(answer.stderr), exitCodes.refused);
    if (!isPassing(answer)) throw new Complaint(`The control plane could not submit it: ${lastLines(answer.stderr)}`);
    if (clock.now() >= deadline) {
      const { message } = unavailable(answer, seconds);
      throw new Complaint(
        `${message}\nWhether this one was submitted is not known. The same command with \`--submission ${submission.submission}\` ` +
          "finds it, or submits it: never twice.",
        exitCodes.unavailable,
      );
    }
    if (tries === 1) say(`No answer yet (${lastLines(answer.stderr)}); trying for up to ${seconds} s.`);
    await clock.pause(Math.min(longestPauseMs, 500 * 2 ** (tries - 1), Math.max(0, deadline - clock.now())));
  }
}

function parseSubmitted(text: string): Submitted {
  try {
    return readJson(text, "answer of the control plane", (fields) => ({
      job: fields.integer("job", 1),
      known: fields.boolean("known"),
      saved: fields.boolean("saved"),
    }));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Complaint(`${error.message}. Is it of this version? Run \`npm run up\`.`);
  }
}

import { exitCodes } from "../../core/jobs/exit-codes.ts";
import { parseSubmission } from "../../core/jobs/submission.ts";
import type { Answer, Remote } from "../../operator/remote.ts";

/**
 * What happens to one call. `lost before`: it never arrives. `lost after`: it is done and the answer is lost. `down`: the
 * control plane answers that its scheduler does not.
 */
export type Fate = "answered" | "lost before" | "lost after" | "down";

/** A simulation of the control plane with its queue, behind a network that loses what the test says. */
export class SimulatedControl implements Remote {
  /** Submission id → job, in the order of their making. */
  readonly queue: string[] = [];
  readonly #fates: Fate[];
  calls = 0;

  constructor(fates: readonly Fate[]) {
    this.#fates = [...fates];
  }

  async run(command: string, options: { readonly input?: string } = {}): Promise<Answer> {
    if (command !== "logos-agent submit") throw new Error(`the simulation does not know "${command}"`);
    this.calls += 1;
    const fate = this.#fates.shift() ?? "answered";
    const lost: Answer = { code: "unreachable", stdout: "", stderr: "Connection closed" };
    if (fate === "lost before") return lost;
    if (fate === "down")
      return { code: exitCodes.unavailable, stdout: "", stderr: "The scheduler does not answer (connect failure)" };
    const { submission } = parseSubmission(options.input ?? "");
    const known = this.queue.includes(submission);
    if (!known) this.queue.push(submission);
    if (fate === "lost after") return lost;
    const job = this.queue.indexOf(submission) + 1;
    return { code: 0, stdout: JSON.stringify({ job, known, saved: true }), stderr: "" };
  }

  stream(): Promise<Answer> {
    throw new Error("the simulation follows nothing");
  }
}

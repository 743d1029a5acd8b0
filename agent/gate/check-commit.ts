import { existsSync } from "node:fs";
import { join } from "node:path";
import { CheckFailure } from "../failure.ts";
import { type Check, type GateContext, mustSucceed, runAsWorkload } from "./context.ts";

const timeoutSeconds = 60;

/** The checkout is a full clone, at the commit of this image, and nothing in it was altered. */
export const commitCheck: Check = {
  id: "commit",
  title: "workload commit, clean and with its history",
  async run(context) {
    const { checkout } = context;
    if (!existsSync(join(checkout, ".git")))
      throw new CheckFailure(`${checkout} is not a Git checkout`, { couldNotRun: true });
    const commit = await git(context, "rev-parse", "--verify", "HEAD");
    if (commit !== context.commit)
      throw new CheckFailure(`${checkout} is at commit ${commit}, but this machine is for ${context.commit}`);
    const changes = await git(context, "status", "--porcelain", "--untracked-files=normal");
    if (changes !== "") {
      const lines = changes.split("\n");
      const more = lines.length > 5 ? ` and ${lines.length - 5} more` : "";
      throw new CheckFailure(`${checkout} is not clean: ${lines.slice(0, 5).join(", ")}${more}`, {
        outputTail: changes.slice(0, 4096),
      });
    }
    if ((await git(context, "rev-parse", "--is-shallow-repository")) !== "false")
      throw new CheckFailure(
        `${checkout} is a shallow clone: the identity check needs the whole history. Clone without --depth`,
      );
    await git(context, "rev-list", "--quiet", "HEAD");
    return { commit };
  },
};

/** Runs git as the checkout's owner, who needs no exception for "dubious ownership" and whose hooks have no more rights than his own. */
async function git(context: GateContext, ...args: readonly string[]): Promise<string> {
  const finished = await runAsWorkload(context, ["git", ...args], timeoutSeconds);
  if (finished.stderr.includes("detected dubious ownership"))
    throw new CheckFailure(
      `${context.checkout} belongs to another user, and git refuses to read it. Run as its owner or as root`,
      {
        outputTail: finished.tail,
        couldNotRun: true,
      },
    );
  // Only the line's end goes: the first column of "status --porcelain" may be a blank.
  return mustSucceed(`git ${args.join(" ")} in ${context.checkout}`, finished, timeoutSeconds).stdout.trimEnd();
}

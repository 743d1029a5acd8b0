import { readJobs } from "../cluster.ts";
import { readOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { renderJobs } from "../views/jobs.ts";

export const jobsHelp = `Usage: logos jobs [--all] [--json]

  --all    also those that have ended, as long as the scheduler remembers them (an hour)
  --json   as JSON
`;

export async function jobsCommand(args: readonly string[], open: () => Session): Promise<number> {
  const { values } = readOptions("jobs", {
    args: [...args],
    options: { all: { type: "boolean" }, json: { type: "boolean" } },
  });
  const jobs = await readJobs(open().remote, values.all === true);
  process.stdout.write(
    values.json === true ? `${JSON.stringify(jobs, null, 2)}\n` : renderJobs(jobs, Date.now() / 1000),
  );
  return 0;
}

/**
 * `npm run engine -- TARGET… [--scenario NAME]`: what is shown of each target on the real engine over a simulated cloud, one line a
 * scenario; ends with `N passed, N failed`; exit 1 when one failed, 2 for a wrong call. `all` is every target.
 */
import { parseArgs } from "node:util";
import { messageOf } from "../../core/errors.ts";
import { lanes, type Outcome, runLane, scenarios } from "./lanes.ts";
import { subjects } from "./subjects.ts";
import { Workloads } from "./workloads.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  // Its machines are real, so that it has no scenarios on a simulated cloud.
  if (argv.join() === "metal") return (await import("./metal/run.ts")).runMetal();
  const call = parseCall(argv);
  if (typeof call === "string") {
    console.error(call);
    return 2;
  }
  if (call.names.length === 0) {
    for (const { name, shows } of scenarios) console.log(`${name.padEnd(14)} ${shows}`);
    console.log(
      `${scenarios.length} scenarios, on ${Object.keys(subjects).join(", ")}: npm run engine -- TARGET [--scenario NAME]`,
    );
    return 0;
  }
  const start = performance.now();
  const outcomes: Outcome[] = [];
  const workloads = new Workloads();
  try {
    for (const name of call.names) {
      const subject = await subjects[name]?.();
      if (subject === undefined) continue;
      const wanted = (scenario: { name: string }) => call.scenario === undefined || scenario.name === call.scenario;
      const tell = (outcome: Outcome) => {
        outcomes.push(outcome);
        console.log(line(outcome));
      };
      await Promise.all(Object.keys(lanes).map((lane) => runLane(subject, lane, wanted, workloads, tell)));
    }
  } finally {
    workloads.remove();
  }
  const count = (state: Outcome["state"]) => outcomes.filter((outcome) => outcome.state === state).length;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`Simulated clouds, real engine: ${count("passed")} passed, ${count("failed")} failed, in ${seconds} s`);
  return count("failed") === 0 ? 0 : 1;
}

function parseCall(argv: string[]): { names: readonly string[]; scenario: string | undefined } | string {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { scenario: { type: "string" } },
    });
    const names = positionals.includes("all") ? Object.keys(subjects) : positionals;
    const unknown = names.filter((name) => !Object.hasOwn(subjects, name));
    if (unknown.length > 0)
      return `There is no target ${unknown.join(", ")}. There are ${Object.keys(subjects).join(", ")}, all.`;
    if (values.scenario !== undefined && !scenarios.some(({ name }) => name === values.scenario))
      return `There is no scenario "${values.scenario}". There are ${scenarios.map(({ name }) => name).join(", ")}.`;
    return { names, scenario: values.scenario };
  } catch (error) {
    return messageOf(error);
  }
}

function line({ subject, scenario, seen, state, seconds }: Outcome): string {
  return `${state.padEnd(10)} ${subject} ${scenario.name.padEnd(12)} ${seconds.toFixed(1).padStart(5)} s  ${seen}`;
}

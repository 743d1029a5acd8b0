import { spawnSync } from "node:child_process";
import { packShare } from "../bench/clouds.ts";
import { repository } from "../support/stack.ts";
import { type Claim, hold } from "./claim.ts";
import { quantile } from "./runs.ts";

const warmPreviews = 3;
const most = 2;

/** Claims about what the guardrails are worth and what they cost. */
export const worthClaims: readonly Claim[] = [
  {
    name: "rules-have-cases",
    tag: "guardrails",
    statement:
      "Each rule is held by at least 2 passing, 3 failing, 1 unknown, 1 omitted and 1 twin case, and at least 60 sound resources are left alone.",
    seconds: 30,
    check: async () => vitest("test/policy/cases.test.ts"),
  },
  {
    name: "address-arithmetic",
    tag: "guardrails",
    statement: "The arithmetic over address sets of both families is that of 100,000 random sets, address by address.",
    seconds: 60,
    check: async () => vitest("test/policy/core/addresses.test.ts"),
  },
  {
    name: "rules-kill-mutants",
    tag: "guardrails",
    statement:
      "Mutation testing: 100 % of the mutants of the address, port and precedence cores are killed, at least 95 % of those of the rules.",
    seconds: 360,
    check: async () => {
      const run = spawnSync("npm", ["run", "--silent", "mutation"], {
        cwd: repository,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
      });
      const scores = [...run.stdout.matchAll(/^All files\s*\|\s*([\d.]+)/gm)].map(([, score]) => `${score} %`);
      hold(
        run.status === 0 && scores.length === 2,
        `exit ${run.status}: ${run.stdout.slice(-3000)}${run.stderr.slice(-500)}`,
      );
      return `cores ${scores[0]}, rules ${scores[1]}`;
    },
  },
  {
    name: "guardrails-speed",
    tag: "guardrails",
    statement: `The whole pack adds at most ${most} s to a warm preview of the AWS stack, which has more than 200 resources.`,
    seconds: 80,
    check: async () => {
      const { seconds, resources } = await packShare("aws", warmPreviews);
      const median = quantile(seconds, 0.5);
      const figure = `${median.toFixed(1)} s, median of ${warmPreviews}, with ${resources} resources`;
      hold(median <= most && resources >= 200, figure);
      return figure;
    },
  },
];

/** Runs a test file. Answers how many of its tests passed; none may fail or be left out. */
function vitest(file: string): string {
  const args = ["run", "--project", "unit", "--reporter=dot", file];
  const environment = { ...process.env, NO_COLOR: "1" };
  const run = spawnSync("node_modules/.bin/vitest", args, { cwd: repository, encoding: "utf8", env: environment });
  const passed = /^\s*Tests\s+(\d+) passed \(\d+\)$/m.exec(run.stdout)?.[1];
  hold(run.status === 0 && passed !== undefined, `${file}: ${run.stdout.slice(-3000)}${run.stderr.slice(-1000)}`);
  return `${passed} tests passed`;
}

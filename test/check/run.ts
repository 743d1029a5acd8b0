/**
 * `npm run check [-- STACK…] [--report text|json|sarif|junit] [--out FILE]`: previews stacks with the real engine and the guardrails over
 * simulated clouds, without credentials and without touching the user's own. All of them where none is named. Ends with a line a
 * stack; exit 1 when one has a finding or does not preview, 2 for a wrong call.
 */
import { existsSync } from "node:fs";
import { targets } from "../../core/config/targets.ts";
import { readAsked, writeReports } from "../../policies/report/ask.ts";
import { reportOf } from "../../policies/report/report.ts";
import { reportedRules } from "../../policies/rules/all.ts";
import { type Checked, checkStack, passes } from "./check.ts";
import { Interrupt } from "./interrupt.ts";
import { settingsFile } from "./settings.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const asked = readAsked(argv);
  const wrong = typeof asked === "string" ? asked : unknownStack(asked.stacks);
  if (typeof asked === "string" || wrong !== undefined) {
    console.error(`${wrong}\nnpm run check [-- STACK… --report text|json|sarif|junit --out FILE]`);
    return 2;
  }
  const stacks = asked.stacks.length === 0 ? targets : asked.stacks;
  const interrupt = new Interrupt();
  const checked: Checked[] = [];
  for (const stack of stacks) {
    console.error(`checking ${stack}`);
    checked.push(await checkStack(stack, { started: (pid) => interrupt.nowEnds(pid) }));
    if (interrupt.came) return 130;
  }
  const report = reportOf(
    checked.flatMap(({ findings }) => findings),
    reportedRules,
  );
  writeReports(report, asked.wanted);
  for (const one of checked) {
    if (one.failure !== undefined && one.findings.length === 0) console.error(tail(one));
    console.error(summary(one));
  }
  return passes(checked) ? 0 : 1;
}

function unknownStack(stacks: readonly string[]): string | undefined {
  const unknown = stacks.find((stack) => stack !== "lab" && !existsSync(settingsFile(stack)));
  return unknown === undefined ? undefined : `There is no Pulumi.${unknown}.yaml.`;
}

function tail({ stack, failure = "", encrypted }: Checked): string {
  const text = `The preview of ${stack} failed:\n${failure.slice(-4000)}`;
  // Keys of machines are replaced by others that fit, so these are never why.
  const unread = encrypted.filter((key) => !key.endsWith(".operatorKey"));
  if (unread.length === 0) return text;
  return (
    `${text}\nA check needs no passphrase, and reads nothing that is encrypted: ${unread.join(", ")}. If that is what the program refuses, keep ` +
    `the setting in clear where it is no secret, or look at the stack with \`npx pulumi preview --stack ${stack}\`, which can read it.`
  );
}

function summary({ stack, findings, planned, standIns, failure, seconds }: Checked): string {
  const standingOnes = findings.filter(({ waiver }) => waiver === undefined).length;
  const waived = findings.length - standingOnes;
  const state = standingOnes > 0 ? "BROKEN" : failure === undefined ? "holds " : "FAILED";
  const counts = `${planned} resources, ${standingOnes} findings${waived === 0 ? "" : `, ${waived} waived`}`;
  const instead = standIns.length === 0 ? "" : `; stood in for: ${standIns.join(", ")}`;
  return `${state} ${stack.padEnd(6)} ${seconds.toFixed(1).padStart(5)} s  ${counts}${instead}`;
}

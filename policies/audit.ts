/**
 * `npm run audit-state -- STACK [--report text|json|sarif|junit] [--out FILE]`: holds the guardrails against the state of a stack, as it
 * is recorded: no program runs and no cloud is asked. Exit 1 when something is found, 2 for a wrong call.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { configurationPolicy } from "./configuration.ts";
import { declaredBy } from "./declared.ts";
import { readAsked, writeReports } from "./report/ask.ts";
import { readRecord } from "./report/render.ts";
import { reportOf, standing } from "./report/report.ts";
import { reportedRules } from "./rules/all.ts";

process.exitCode = main(process.argv.slice(2));

function main(argv: readonly string[]): number {
  const asked = readAsked(argv);
  const [stack, ...more] = typeof asked === "string" ? [] : asked.stacks;
  if (typeof asked === "string" || stack === undefined || more.length > 0) {
    console.error(typeof asked === "string" ? asked : "Name one stack; `npx pulumi stack ls` lists them.");
    console.error("npm run audit-state -- STACK [--report text|json|sarif|junit --out FILE]");
    return 2;
  }
  // The engine shows the rules the recorded inputs, and what components gave out; `pulumi refresh` is what brings the cloud's own into them.
  const folder = mkdtempSync(join(tmpdir(), "logos-audit-"));
  const record = join(folder, "findings");
  // Node hands out sockets as standard input, which /dev/stdin cannot open; of `cat` it is a pipe. What is declared touches no disk.
  const pulumi = (words: readonly string[], input = "") =>
    spawnSync(
      "/bin/sh",
      ["-c", 'cat | "$0" "$@"', join(import.meta.dirname, "../node_modules/.bin/pulumi"), ...words, "--stack", stack],
      {
        input,
        encoding: "utf8",
        env: { ...process.env, LOGOS_GUARDRAILS_REPORT: record, NO_COLOR: "1" },
        maxBuffer: 2 ** 28,
      },
    );
  const unjudged = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
    console.error(`The state of ${stack} could not be judged.\n${`${stdout}${stderr}`.slice(-4000).trim()}`);
    return 1;
  };
  try {
    // This command alone does not tell the pack the stack's settings, as `up` and `preview` do.
    const settings = pulumi(["config", "--json", "--show-secrets", "--non-interactive"]);
    if (settings.status !== 0) return unjudged({ stdout: "", stderr: settings.stderr });
    const run = pulumi(
      [
        "policy",
        "analyze",
        "--policy-pack",
        join(import.meta.dirname, "run"),
        "--policy-pack-config",
        "/dev/stdin",
        "--non-interactive",
      ],
      JSON.stringify({ [configurationPolicy]: declaredBy(valuesOf(settings.stdout), projectName()) }),
    );
    const report = reportOf(readRecord(record), reportedRules);
    // The engine counts waived findings too, as advice; only what stands is a reason to fail, and a run that failed for another.
    if (run.status !== 0 && standing(report).length === 0) return unjudged(run);
    writeReports(report, asked.wanted);
    const found = standing(report).length;
    console.error(`${stack}: ${found} findings, ${report.findings.length - found} waived`);
    return found === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Settings as `pulumi config --json` prints them, as the engine hands them out: by full key, as text. */
function valuesOf(text: string): Readonly<Record<string, string>> {
  const settings: Readonly<Record<string, { readonly value?: string }>> = JSON.parse(text);
  return Object.fromEntries(Object.entries(settings).map(([key, { value = "" }]) => [key, value]));
}

/** Of the project that the command is called in. */
function projectName(): string {
  const { name }: { readonly name: string } = parse(readFileSync("Pulumi.yaml", "utf8"));
  return name;
}

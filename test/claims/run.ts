/**
 * `npm run claims`: lists the claims. `npm run claims -- --tag lab`, `-- NAME …` or `-- --all` runs them, one line each with the
 * figure, and ends with `N held, M broken`; exit 1 when one is broken, 2 for a wrong call. `--record` also keeps the figures
 * and writes docs/claims.md.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { messageOf } from "../../core/errors.ts";
import { endSharedLab } from "../support/lab.ts";
import { type Claim, ClaimBroken } from "./claim.ts";
import { endSharedMetal } from "./metal/standing.ts";
import { claimsPage, line, type Measurement, machineDescription } from "./report.ts";
import { claims } from "./table.ts";

const pagePath = fileURLToPath(new URL("../../docs/claims.md", import.meta.url));
const figuresPath = fileURLToPath(new URL("../../docs/claims.json", import.meta.url));

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const call = parseCall(argv);
  if (typeof call === "string") {
    console.error(call);
    return 2;
  }
  if (call.selected.length === 0) {
    list();
    if (call.record) record([]);
    return 0;
  }
  const results: Measurement[] = [];
  for (const claim of call.selected) {
    console.error(`checking ${claim.name}, about ${claim.seconds} s: ${claim.statement}`);
    const result = await measure(claim);
    results.push(result);
    console.log(line(result));
    if (call.record) record([result]);
  }
  await endSharedLab();
  await endSharedMetal();
  const broken = results.filter((r) => !r.held).length;
  console.log(`${results.length - broken} held, ${broken} broken`);
  return broken === 0 ? 0 : 1;
}

function parseCall(argv: string[]): { selected: readonly Claim[]; record: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { tag: { type: "string" }, all: { type: "boolean" }, record: { type: "boolean" } },
    });
    const unknown = positionals.filter((name) => !claims.some((c) => c.name === name));
    if (unknown.length > 0) return `No claim is named ${unknown.join(", ")}. \`npm run claims\` lists them.`;
    const tags = [...new Set(claims.map((c) => c.tag))];
    if (values.tag !== undefined && !tags.some((t) => t === values.tag))
      return `No claim has the tag "${values.tag}". There are: ${tags.join(", ")}.`;
    const selected = claims.filter((c) => values.all === true || c.tag === values.tag || positionals.includes(c.name));
    return { selected, record: values.record === true };
  } catch (error) {
    return messageOf(error);
  }
}

function list(): void {
  for (const c of claims)
    console.log(`${c.tag.padEnd(10)} ${c.name.padEnd(28)} ${String(c.seconds).padStart(5)} s  ${c.statement}`);
  console.log(
    `${claims.length} claims. Run some with \`npm run claims -- --tag TAG\` or \`-- NAME\`, all with \`-- --all\`.`,
  );
}

async function measure(claim: Claim): Promise<Measurement> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const base = { name: claim.name, date: new Date().toISOString().slice(0, 10), machine: machineDescription() };
  try {
    const figure = await claim.check((text) => console.error(`  ${text}`));
    return { ...base, held: true, figure, seconds: seconds() };
  } catch (error) {
    const seen = error instanceof ClaimBroken ? error.message : `could not be checked: ${String(error)}`;
    return { ...base, held: false, figure: seen, seconds: seconds() };
  }
}

/** Merges new figures into docs/claims.json and renders the page, so that a run that is cut short keeps what it measured. */
function record(fresh: readonly Measurement[]): void {
  const kept: Measurement[] = existsSync(figuresPath) ? JSON.parse(readFileSync(figuresPath, "utf8")) : [];
  const byName = new Map(kept.filter((m) => claims.some((c) => c.name === m.name)).map((m) => [m.name, m]));
  for (const m of fresh) byName.set(m.name, m);
  writeFileSync(figuresPath, `${JSON.stringify([...byName.values()], null, 2)}\n`);
  writeFileSync(pagePath, claimsPage(claims, byName));
}

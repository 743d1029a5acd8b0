/**
 * `npm run bench [-- lab|clouds] [RUNS]`: times and memory of the lab, or of previews over simulated clouds; the median of RUNS (5), as
 * a table and as build/bench-WHAT.json. Exit 2 for a wrong call.
 */
import { benchClouds } from "./clouds.ts";
import { benchLab } from "./lab.ts";

const benches: Readonly<Record<string, (runs: number) => Promise<void>>> = { lab: benchLab, clouds: benchClouds };

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const [what, count = "5", ...more] =
    words[0] !== undefined && Object.hasOwn(benches, words[0]) ? words : ["lab", ...words];
  const bench = benches[what ?? ""];
  const runs = Number(count);
  if (bench === undefined || more.length > 0 || !Number.isInteger(runs) || runs < 1) {
    console.error(
      `"${words.join(" ")}" is no benchmark: npm run bench [-- ${Object.keys(benches).join("|")}] [RUNS, a whole number from 1]`,
    );
    return 2;
  }
  await bench(runs);
  return 0;
}

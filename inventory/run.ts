import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { targets } from "../core/config/targets.ts";
import { costsOf } from "../core/costs/cost.ts";
import { costTables } from "../core/costs/tables.ts";
import { recordProgram } from "./record.ts";
import { renderInventory } from "./table.ts";

/** `npm run inventory -- STACK`: every resource that a stack would declare, with what it costs a month, by estimate. */
const root = join(import.meta.dirname, "..");

process.exitCode = await main(process.argv[2]);

async function main(stack: string | undefined): Promise<number> {
  const settings = stack === undefined ? undefined : settingsOf(stack);
  if (stack === undefined || settings === undefined) {
    const names = globSync("Pulumi.*.yaml", { cwd: root }).map((file) => file.split(".")[1]);
    const wrong = stack === undefined ? "No stack is named" : `There is no Pulumi.${stack}.yaml`;
    console.error(`${wrong}. npm run inventory -- ${["lab", ...names.toSorted()].join("|")}`);
    return 2;
  }
  try {
    const items = await recordProgram(stack, settings, () => import("../index.ts"));
    const target = targets.find((name) => name === (settings["logos:target"] ?? "lab"));
    if (target === undefined) throw new TypeError(`There are no costs of target ${settings["logos:target"]}`);
    process.stdout.write(renderInventory(costsOf(items, costTables[target]), costTables[target]));
    return 0;
  } catch (error) {
    // A user's mistake comes with its message alone.
    console.error(pulumi.RunError.isInstance(error) ? error.message : error);
    return 1;
  }
}

/** A stack's settings as Pulumi hands them to the program, or undefined where it has none; the lab needs none. */
function settingsOf(stack: string): Readonly<Record<string, string>> | undefined {
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) return stack === "lab" ? {} : undefined;
  const document: unknown = parse(readFileSync(file, "utf8"));
  const config = typeof document === "object" && document !== null && "config" in document ? document.config : {};
  return Object.fromEntries(
    Object.entries(Object(config)).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

import { closeSync, openSync, readFileSync, watch } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { messageOf } from "../../core/errors.ts";
import { type Looks, nextLook } from "../demand/clock.ts";
import { exchange, poolStatusPath } from "../demand/exchange.ts";
import { demandPaths, Publisher } from "../demand/publisher.ts";
import { Refusal } from "../failure.ts";
import { endWhenTold } from "../io/process.ts";

/** Written at each submission by Slurm's job_submit.lua. */
const bell = "/run/logos-demand/bell";

/**
 * `logos-agent demand`: publishes how many nodes the queue asks for, at each submission and every 5 s, until it is ended.
 * `--exchange`: prints each document as it is published, and keeps what the pool says of itself on standard input.
 */
export async function demandCommand(args: readonly string[]): Promise<number> {
  endWhenTold();
  const { values } = parseArgs({ args: [...args], options: { exchange: { type: "boolean" } } });
  if (values.exchange === true) {
    await exchange(demandPaths.document, poolStatusPath, process.stdin, process.stdout);
    return 0;
  }
  const publisher = new Publisher(demandPaths, readKey());
  await lookForEver(publisher);
  return 0;
}

async function lookForEver(publisher: Publisher): Promise<never> {
  let looks: Looks = { lookedAt: Number.NEGATIVE_INFINITY };
  let wake = () => {};
  closeSync(openSync(bell, "a"));
  watch(dirname(bell), (_, file) => {
    if (file !== basename(bell)) return;
    const now = performance.now();
    looks = { ...looks, rungAt: looks.rungAt ?? now, lastRungAt: now };
    wake();
  });
  let trouble = "";
  for (;;) {
    const wait = nextLook(looks) - performance.now();
    if (wait > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      continue;
    }
    const { lastRungAt } = looks;
    looks = { lookedAt: performance.now(), lastRungAt };
    try {
      const { nodesWanted, pending } = await publisher.publish(performance.now(), Date.now());
      if (trouble !== "")
        process.stderr.write(`Slurm answers again: ${nodesWanted} nodes wanted, ${pending} jobs wait\n`);
      trouble = "";
    } catch (error) {
      // Nothing is published: readers see the last document grow old, and hold what they have.
      if (messageOf(error) !== trouble) process.stderr.write(`${messageOf(error)}\n`);
      trouble = messageOf(error);
    }
  }
}

function readKey(): string {
  const folder = process.env.CREDENTIALS_DIRECTORY;
  if (folder === undefined)
    throw new Refusal("CREDENTIALS_DIRECTORY is not set: this command is run by logos-demand.service");
  const key = readFileSync(join(folder, "logos.demand-key"), "utf8").trim();
  if (Buffer.from(key, "base64").length !== 32)
    throw new Refusal("The credential logos.demand-key must be 32 bytes in base64");
  return key;
}

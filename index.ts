import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { builtOnce } from "./components/built-once.ts";
import { readConfig } from "./components/config.ts";
import { endWithEngine } from "./components/end-with-engine.ts";
import { planImage } from "./components/image/plan.ts";
import { useNativeStackTraces } from "./components/native-stack-traces.ts";
import { targetOf } from "./components/targets.ts";
import { resolveWorkload } from "./components/workload.ts";
import { Malformed } from "./core/json.ts";
import { parsePins } from "./core/pins.ts";

const root = import.meta.dirname;
useNativeStackTraces();
endWithEngine();

// What the user gave is checked before anything is declared.
const config = readConfig(root);
const pinsText = readFileSync(resolve(root, config.workload.pins), "utf8");
const workload = resolveWorkload({
  root,
  ...config.workload,
  pins: readPins(pinsText),
  ...(config.place.target === "metal" ? { signers: resolve(root, config.place.metal.signers) } : {}),
});

// What machines are made of follows from this repository and the workload alone, and so does the image's name.
const agent = await builtOnce({
  root,
  sources: ["agent/**/*.ts", "core/**/*.ts", "package-lock.json"],
  folder: join(root, "build", "agent"),
  build: async (file) => (await import("./agent/build.ts")).buildAgent(file),
});
const target = await targetOf(config.place);
const plan = planImage(workload, agent, pinsText, target);
const stands = target.stand("logos", {
  config,
  base: plan.base,
  files: plan.files,
  workload,
  imageDigest: plan.digest,
  imageState: await target.findImage(plan.digest),
});

export const bastion = stands.bastion;
export const control = stands.control;
export const pool = config.pool;
export const operatorKey = pulumi.secret(stands.operatorKey);
export const image = { digest: stands.imageDigest, commit: workload.commit };
// Pulumi warns of an output that is undefined.
export const stores = stands.stores ?? {};
/** What this target does otherwise than the others, and why. */
export const differences = stands.differences;

function readPins(text: string) {
  try {
    return parsePins(text, config.workload.pins);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new pulumi.RunError(
      `The pins file is not valid. ${error.message}. Mend it, or name another in logos:workload.pins.`,
    );
  }
}

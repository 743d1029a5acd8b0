import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../core/json.ts";
import { Refusal } from "../failure.ts";
import { run, systemPath } from "../io/process.ts";
import { checkoutPath, stateFolder } from "../paths.ts";

/** `logos-agent mission`: sets the demo mission profile, as every node does at boot, and shows its label. Run as the user logos. */
export async function missionCommand(): Promise<number> {
  if (process.getuid?.() === 0)
    throw new Refusal(
      "The mission script is the workload's code and must not run as root: systemctl start logos-mission",
    );
  // The workload's scripts do not all make the folder's parents.
  mkdirSync(stateFolder, { recursive: true });
  const finished = await run({
    argv: ["python3", "scripts/system_mode_initializer.py", "--mode", "demo"],
    cwd: checkoutPath,
    env: {
      PATH: systemPath,
      HOME: stateFolder,
      LANG: "C.UTF-8",
      LOGOS_STATE_DIR: stateFolder,
      PYTHONDONTWRITEBYTECODE: "1",
    },
    timeoutSeconds: 120,
  });
  process.stdout.write(finished.stdout);
  process.stderr.write(finished.stderr);
  if (finished.code !== 0)
    throw new Refusal(`system_mode_initializer.py ended with ${finished.signal ?? `exit code ${finished.code}`}`);
  const profile = join(stateFolder, "mission_profile.json");
  const label = readLabel(readFileSync(profile, "utf8"), profile);
  process.stdout.write(`${profile}: ${label}\n`);
  return 0;
}

/** The profile is the workload's document: only its label is ours to know. */
function readLabel(text: string, path: string): string {
  return readJson(text, path, (fields) => {
    fields.ignoreOthers();
    return fields.string("label");
  });
}

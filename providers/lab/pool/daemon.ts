import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { poolPaths } from "../../../core/lab/paths.ts";
import { readIfThere, writeWhole } from "../host/files.ts";
import { ended, isAlive, recordedProcess, signalProcess } from "../host/process.ts";
import { root } from "../host/root.ts";
import { toolPath } from "../host/run.ts";
import { until } from "../host/wait.ts";

const program = fileURLToPath(new URL("./main.ts", import.meta.url));

export async function managerRuns(labId: string, pool: string): Promise<boolean> {
  const manager = await recordedProcess(poolPaths(root, labId, pool).managerPid);
  return manager !== undefined && isAlive(manager);
}

/**
 * Starts the pool's manager unless it runs, apart from this process: it stays when the engine ends. One that was started
 * from other sources than these is replaced.
 */
export async function ensureManager(labId: string, pool: string): Promise<void> {
  const { managerLog, managerCode, status, folder } = poolPaths(root, labId, pool);
  const code = await codeDigest();
  if (await managerRuns(labId, pool)) {
    if ((await readIfThere(managerCode)) === code) return;
    await stopManager(labId, pool);
    // Another program may say other things about its pool.
    await rm(status, { force: true });
  }
  await mkdir(folder, { recursive: true });
  await writeWhole(managerCode, code);
  const output = openSync(managerLog, "a", 0o640);
  try {
    const child = spawn(process.execPath, [program, labId, pool], {
      detached: true,
      stdio: ["ignore", output, output],
      cwd: "/",
      env: { PATH: toolPath, LC_ALL: "C.UTF-8", LOGOS_LAB_ROOT: root },
    });
    child.on("error", () => undefined);
    child.unref();
  } finally {
    closeSync(output);
  }
  const runs = await until(async () => ((await managerRuns(labId, pool)) ? true : undefined), { timeoutMs: 15_000 });
  if (runs === undefined) throw new Error(`The manager of pool ${pool} did not start:\n${await endOfLog(labId, pool)}`);
}

/** sha256 over everything that the manager is made of. */
async function codeDigest(): Promise<string> {
  const hash = createHash("sha256");
  const repository = fileURLToPath(new URL("../../../", import.meta.url));
  for (const folder of ["core", "providers/lab"]) {
    const files = await readdir(`${repository}${folder}`, { recursive: true });
    for (const file of files.filter((name) => name.endsWith(".ts")).toSorted())
      hash.update(`${file}\0`).update(await readFile(`${repository}${folder}/${file}`));
  }
  return hash.digest("hex");
}

/** Ends the pool's manager; its nodes stay. */
export async function stopManager(labId: string, pool: string): Promise<void> {
  const manager = await recordedProcess(poolPaths(root, labId, pool).managerPid);
  if (manager === undefined || !signalProcess(manager, "SIGTERM") || (await ended(manager, 5000))) return;
  signalProcess(manager, "SIGKILL");
  if (!(await ended(manager, 5000)))
    throw new Error(`The manager of pool ${pool}, process ${manager.pid}, does not die`);
}

export async function endOfLog(labId: string, pool: string): Promise<string> {
  const text = (await readIfThere(poolPaths(root, labId, pool).managerLog)) ?? "";
  return text.trimEnd().split("\n").slice(-15).join("\n");
}

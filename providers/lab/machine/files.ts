import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { machinePaths } from "../../../core/lab/paths.ts";
import { namesIn } from "../host/files.ts";
import { detachLoop, loopOf } from "../host/loops.ts";
import { isMounted, unmount } from "../host/mounts.ts";
import { root } from "../host/root.ts";
import { CommandFailed, run } from "../host/run.ts";
import { lowerFolders } from "../image/record.ts";
import type { MachineIntent } from "./record.ts";

/** Makes a machine's disk, empty, mounts it, and lays its root over the image. */
export async function makeRoot(labId: string, intent: MachineIntent): Promise<void> {
  const paths = machinePaths(root, labId, intent.name);
  await writeFile(paths.disk, "");
  await truncate(paths.disk, intent.diskMb * 2 ** 20);
  await run(["mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=1,lazy_journal_init=1", paths.disk]);
  await mountDisk(labId, intent.name);
  await mkdir(paths.work, { recursive: true });
  await mkdir(`${paths.upper}/etc`, { recursive: true });
  // Every machine is another one to D-Bus and the journal; an id that is there from the start saves the first-boot run.
  await writeFile(`${paths.upper}/etc/machine-id`, `${randomBytes(16).toString("hex")}\n`, { mode: 0o444 });
  await mountRoot(labId, intent);
}

/** Lays the root over the image, on the disk that is mounted. */
export async function mountRoot(labId: string, intent: MachineIntent): Promise<void> {
  const paths = machinePaths(root, labId, intent.name);
  const lower = await lowerFolders(intent.imageId);
  await mkdir(paths.root, { recursive: true });
  // Without redirects, metadata-only copies and index, the upper layer is complete in itself: a capture can copy it.
  const layers = `lowerdir=${lower.join(":")},upperdir=${paths.upper},workdir=${paths.work}`;
  const options = `${layers},redirect_dir=off,metacopy=off,index=off`;
  await run(["mount", "-t", "overlay", "-o", options, "overlay", paths.root]);
}

/** Grows the mounted disk to the size of its file; false where the kernel lets nobody grow a disk in use. */
export async function growMounted(labId: string, name: string): Promise<boolean> {
  const loop = loopOf(machinePaths(root, labId, name).disk);
  if (loop === undefined) return false;
  await run(["losetup", "--set-capacity", loop]);
  try {
    await run(["resize2fs", loop]);
    return true;
  } catch (error) {
    // The kernel asks for CAP_SYS_RESOURCE, which root in a container or sandbox often lacks.
    if (error instanceof CommandFailed && /Permission denied/.test(error.stderr)) return false;
    throw error;
  }
}

/** Grows the disk, which nothing uses, to the size of its file. */
export async function growUnmounted(labId: string, name: string): Promise<void> {
  const { disk } = machinePaths(root, labId, name);
  await run(["e2fsck", "-f", "-p", disk]).catch((error: unknown) => {
    // 1 says that what was found is mended.
    if (!(error instanceof CommandFailed && error.code === 1)) throw error;
  });
  await run(["resize2fs", disk]);
}

/** Mounts the disk that stands; its loop device goes with the mount. */
export async function mountDisk(labId: string, name: string): Promise<void> {
  const paths = machinePaths(root, labId, name);
  if (isMounted(paths.diskMount)) return;
  await mkdir(paths.diskMount, { recursive: true });
  await run(["mount", "-o", "loop,noatime", paths.disk, paths.diskMount]);
}

export async function unmountRoot(labId: string, name: string): Promise<void> {
  await unmount(machinePaths(root, labId, name).root);
}

/** Unmounts the disk; false when something on this host still uses it. */
export async function unmountDisk(labId: string, name: string): Promise<boolean> {
  const { disk, diskMount } = machinePaths(root, labId, name);
  await unmount(diskMount);
  return detachLoop(disk);
}

/** Puts the credentials on the lab's tmpfs, and removes those that are not among them any more. */
export async function writeCredentials(
  labId: string,
  name: string,
  credentials: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = machinePaths(root, labId, name).credentials;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const stale of await namesIn(folder)) {
    if (!(stale in credentials)) await rm(`${folder}/${stale}`);
  }
  for (const [id, value] of Object.entries(credentials)) {
    await writeFile(`${folder}/${id}`, value, { mode: 0o600 });
    await chmod(`${folder}/${id}`, 0o600);
  }
}

/** True when the machine was given exactly these credentials. */
export async function sameCredentials(
  labId: string,
  name: string,
  credentials: Readonly<Record<string, string>>,
): Promise<boolean> {
  const folder = machinePaths(root, labId, name).credentials;
  const names = await namesIn(folder);
  if (names.length !== Object.keys(credentials).length) return false;
  for (const [id, value] of Object.entries(credentials)) {
    if (!names.includes(id) || !(await readFile(`${folder}/${id}`)).equals(Buffer.from(value))) return false;
  }
  return true;
}

/** The last lines that the machine wrote on its console. */
export async function endOfConsole(labId: string, name: string): Promise<string> {
  const text = await readFile(machinePaths(root, labId, name).console, "utf8").catch(() => "");
  const lines = text
    .replace(terminalCodes, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  return lines.length === 0 ? "(the console is empty)" : lines.slice(-20).join("\n");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a console speaks in them, a log must not.
const terminalCodes = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])/g;

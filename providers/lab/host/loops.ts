import { readdirSync } from "node:fs";
import { readProc } from "./process.ts";
import { run } from "./run.ts";
import { until } from "./wait.ts";

export interface LoopDevice {
  /** `/dev/loopN` */
  readonly device: string;
  readonly file: string;
  /** The kernel detaches it with its last user. Its name may belong to another file a moment later: never detach it. */
  readonly goesByItself: boolean;
}

/** Loop devices of this host that are in use. A file that was removed under its device ends in " (deleted)". */
export function loopDevices(): LoopDevice[] {
  return readdirSync("/sys/block")
    .filter((name) => name.startsWith("loop"))
    .flatMap((name) => {
      const file = readProc(`/sys/block/${name}/loop/backing_file`)?.trimEnd();
      const goesByItself = readProc(`/sys/block/${name}/loop/autoclear`)?.trim() === "1";
      return file === undefined ? [] : [{ device: `/dev/${name}`, file, goesByItself }];
    });
}

export function loopOf(file: string): string | undefined {
  return loopDevices().find((loop) => loop.file === file)?.device;
}

/** The loop device of a file, attached now if it was not. The caller holds the lock of the file's owner. */
export async function attachLoop(file: string): Promise<string> {
  return loopOf(file) ?? (await run(["losetup", "--find", "--show", file])).trim();
}

/**
 * Detaches the file's loop device if it has one, and waits until the kernel has let go of it: a machine that starts at
 * this moment holds a copy of every mount of the host until it has its own root. False when it is in use after that.
 */
export async function detachLoop(file: string): Promise<boolean> {
  const devices = () => loopDevices().filter((loop) => loop.file === file || loop.file === `${file} (deleted)`);
  for (const { device, goesByItself } of devices()) if (!goesByItself) await run(["losetup", "--detach", device]);
  return (await until(() => (devices().length === 0 ? true : undefined), { timeoutMs: 10_000 })) ?? false;
}

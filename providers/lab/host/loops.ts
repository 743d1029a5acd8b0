import { readdirSync } from "node:fs";
import { readProc } from "./process.ts";
import { run } from "./run.ts";

export interface LoopDevice {
  /** `/dev/loopN` */
  readonly device: string;
  readonly file: string;
}

/** Loop devices of this host that are in use. A file that was removed under its device ends in " (deleted)". */
export function loopDevices(): LoopDevice[] {
  return readdirSync("/sys/block")
    .filter((name) => name.startsWith("loop"))
    .flatMap((name) => {
      const file = readProc(`/sys/block/${name}/loop/backing_file`)?.trimEnd();
      return file === undefined ? [] : [{ device: `/dev/${name}`, file }];
    });
}

export function loopOf(file: string): string | undefined {
  return loopDevices().find((loop) => loop.file === file)?.device;
}

/** The loop device of a file, attached now if it was not. The caller holds the lock of the file's owner. */
export async function attachLoop(file: string): Promise<string> {
  return loopOf(file) ?? (await run(["losetup", "--find", "--show", file])).trim();
}

/** Detaches the file's loop device if it has one. */
export async function detachLoop(file: string): Promise<void> {
  for (const loop of loopDevices()) {
    if (loop.file === file || loop.file === `${file} (deleted)`) await run(["losetup", "--detach", loop.device]);
  }
}

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesFolder } from "../../../images/files.ts";

const program = join(filesFolder, "node/usr/lib/logos/cache-disk");

describe.skipIf(process.getuid?.() !== 0)("cache-disk (needs root)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "logos-disk-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the program in a mount namespace whose /dev has this file as the disk, and tells whether the file was changed. */
  function onDisk(make: string) {
    const disk = join(folder, "disk");
    execFileSync("sh", ["-ec", `rm -f "$0"; truncate -s 8M "$0"; ${make}`, disk]);
    const before = readFileSync(disk);
    const loop = execFileSync("losetup", ["--find", "--show", disk], { encoding: "utf8" }).trim();
    try {
      const script = `
        set -- $(stat -c '0x%t 0x%T' "$LOOP")
        mount -t tmpfs none /run
        mount -t tmpfs none /dev
        mknod /dev/logos-cache b "$(($1))" "$(($2))"
        mknod /dev/zero c 1 5
        mknod /dev/null c 1 3
        head -c 32 /dev/zero | base64 -w0 >/run/logos.disk-key
        exec sh "$0"`;
      const env = { ...process.env, LOOP: loop, CREDENTIALS_DIRECTORY: "/run" };
      const { status, stderr } = spawnSync("unshare", ["--mount", "sh", "-ec", script, program], {
        env,
        encoding: "utf8",
      });
      return { status, stderr, changed: !readFileSync(disk).equals(before) };
    } finally {
      execFileSync("losetup", ["--detach", loop]);
    }
  }

  it("does not touch a file system of somebody else", () => {
    expect(onDisk('mkfs.ext4 -q -L photos "$0"')).toEqual({
      status: 1,
      stderr: 'cache-disk: /dev/logos-cache holds ext4 "photos", which is not ours: it will not be used\n',
      changed: false,
    });
  });

  it("does not format what is not blank", () => {
    expect(onDisk('printf x | dd of="$0" bs=1 seek=70000 conv=notrunc status=none')).toEqual({
      status: 1,
      stderr: "cache-disk: /dev/logos-cache is not blank: it will not be formatted\n",
      changed: false,
    });
  });
});

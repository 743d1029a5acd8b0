import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureLabPackages } from "../../toolchain/lab-packages.ts";
import { SetupError } from "../../toolchain/report.ts";

/** A PATH on which dpkg-query knows as installed what the file `installed` lists, and every change is written down. */
let folder: string;

beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  folder = mkdtempSync(join(tmpdir(), "logos-packages-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "calls"), "");
  writeFileSync(join(folder, "installed"), "");
  writeProgram(
    "dpkg-query",
    `shift 2; for name; do if grep -qx "$name" ${folder}/installed; then echo "$name installed"; fi; done`,
  );
  writeProgram("dpkg", `echo "dpkg $*" >> ${folder}/calls`);
  writeProgram(
    "apt-get",
    `echo "$DEBIAN_FRONTEND apt-get $*" >> ${folder}/calls
     case " $* " in *" install "*) printf "%s\\n" "$@" >> ${folder}/installed ;; esac`,
  );
  vi.stubEnv("PATH", `${join(folder, "bin")}:${process.env.PATH}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

describe("the lab's packages", () => {
  it("are refused without root, and off Debian 12 and 13, with what is missing and what to do", () => {
    expect(() => ensureLabPackages({ debian: "12", root: false })).toThrow(/mmdebstrap.*Run the same command as root/);
    expect(() => ensureLabPackages({ debian: "11", root: true })).toThrow(/Debian 12 and 13 only/);
    expect(() => ensureLabPackages({ debian: undefined, root: true })).toThrow(SetupError);
    expect(calls()).toEqual([""]);
  });

  it("are installed after an interrupted installation is finished, without a question", () => {
    writeFileSync(join(folder, "installed"), "git\nzstd\n");
    // Whether this host's keyring is new enough cannot be simulated: where it is not, the last check says so.
    try {
      ensureLabPackages({ debian: "13", root: true });
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringMatching(/not installed: debian-archive-keyring$/) });
    }
    const [configure, update, install, ...more] = calls();
    expect(configure).toBe("dpkg --configure -a");
    expect(update).toBe("noninteractive apt-get -q update");
    expect(install).toMatch(/^noninteractive apt-get -q -y --no-install-recommends .* install .*\bmmdebstrap\b/);
    expect(install).not.toMatch(/ (git|zstd)( |$)/);
    expect(more).toEqual([]);
  });

  it("stop the set-up when apt-get fails", () => {
    writeProgram("apt-get", 'echo "E: no network" >&2; exit 100');
    expect(() => ensureLabPackages({ debian: "13", root: true })).toThrow(/apt-get -q update failed:\nE: no network/);
  });
});

function writeProgram(name: string, text: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examine } from "../../../agent/commands/health.ts";
import { inspect, runsForAll } from "../../../agent/health/inspect.ts";
import { renderVerified } from "../../../agent/health/verified.ts";
import { hashFile, type VerifiedFile } from "../../../agent/io/files.ts";
import { pathsUnder } from "../../../agent/paths.ts";
import { requiredChecks } from "../../../core/verdict.ts";
import { filesFolder } from "../../../images/files.ts";

let folder: string;
let files: Map<string, VerifiedFile>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logos-test-"));
  files = new Map();
  for (let index = 0; index < 3 * runsForAll; index++) {
    const path = join(folder, `file${index}`);
    writeFileSync(path, `content ${index}`);
    files.set(path, hashFile(path));
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (index: number) => join(folder, `file${index}`);

describe("the health check", () => {
  it("finds nothing on an untouched machine, in any turn", () => {
    for (let turn = 0; turn < runsForAll; turn++) expect(inspect(files, turn)).toEqual([]);
  });

  it.each<[string, (path: string) => void, string]>([
    ["written to", (path) => appendFileSync(path, "!"), "content"],
    ["cut off", (path) => truncateSync(path, 1), "content"],
    ["removed", (path) => rmSync(path), "missing"],
    [
      "replaced by a link",
      (path) => {
        renameSync(path, `${path}.old`);
        symlinkSync(`${path}.old`, path);
      },
      "not a plain file",
    ],
    [
      "replaced by a folder's name",
      (path) => {
        rmSync(path);
        symlinkSync(folder, path);
      },
      "not a plain file",
    ],
  ])("finds at once a file that was %s", (_name, spoil, what) => {
    const path = file(7);
    spoil(path);
    for (const turn of [0, 7]) expect(inspect(files, turn)).toEqual([`${path} (${what})`]);
  });

  it("finds at once a change that hides behind the old times", () => {
    const { atime, mtime } = statSync(file(5));
    writeFileSync(file(5), "content X");
    utimesSync(file(5), atime, mtime);
    expect(inspect(files, 0)).toEqual([`${file(5)} (content)`]);
  });

  it("does not mind a file that was touched without a change", () => {
    utimesSync(file(5), 1, 1);
    expect(inspect(files, 0)).toEqual([]);
  });

  it("reads every file again within a bounded number of runs, whatever its state says", () => {
    // A disk that changes below the file system: the state is as recorded, the content is not.
    const path = file(11);
    writeFileSync(path, "content XX");
    files.set(path, { sha256: files.get(path)?.sha256 ?? "", stamp: hashFile(path).stamp });
    const turns = Array.from({ length: runsForAll }, (_, turn) => inspect(files, turn).length);
    expect(turns.filter((found) => found === 1)).toHaveLength(1);
  });
});

describe("a machine is drained", () => {
  const verdict = {
    schema: 1,
    kind: "boot",
    result: "PASS",
    checks: requiredChecks.boot.map((id) => ({ id, result: "PASS", seconds: 1 })),
    startedAt: "2026-01-01T00:00:00Z",
    seconds: 1,
    agentVersion: "x",
  };
  const paths = () => pathsUnder(folder, folder);
  beforeEach(() => {
    writeFileSync(paths().verdict, JSON.stringify(verdict));
    writeFileSync(paths().verified, renderVerified(files));
  });

  it("not while all is as the gate left it", () => {
    expect(examine(paths())).toBeUndefined();
    expect(examine(paths())).toBeUndefined();
  });
  it("when a file changed, which is named", () => {
    appendFileSync(file(3), "!");
    expect(examine(paths())).toBe(`image changed: ${file(3)} (content)`);
  });
  it("when there is no verdict", () => {
    rmSync(paths().verdict);
    expect(examine(paths())).toMatch(/could not be checked: ENOENT/);
  });
  it("when the verdict is a FAIL, or not of a boot", () => {
    const failure = { id: "proofs", message: "m", outputTail: "", couldNotRun: false };
    writeFileSync(paths().verdict, JSON.stringify({ ...verdict, result: "FAIL", checks: [], firstFailure: failure }));
    expect(examine(paths())).toBe("gate: the boot verdict is FAIL at proofs");
    writeFileSync(paths().verdict, JSON.stringify({ ...verdict, kind: "rebuild" }));
    expect(examine(paths())).toMatch(/rebuild verdict/);
  });
  it("when the list of verified files is missing, broken or empty", () => {
    for (const text of ["", "{}", '{"/x":{"sha256":"1"}}']) {
      writeFileSync(paths().verified, text);
      expect(examine(paths())).toMatch(/could not be checked: .*verified\.json/);
    }
  });
});

describe("Slurm's health check", () => {
  const now = Date.now() / 1000;
  it.each([
    ["is left to the gate that passed just now", now - 3, false],
    ["is made when the PASS is older", now - 11, true],
    ["is made when the PASS comes from the future", now + 60, true],
    ["is made without a PASS", undefined, true],
  ])("%s", (_, passedAt, checked) => {
    const pass = join(folder, "slurmd.env");
    if (passedAt !== undefined) {
      writeFileSync(pass, "");
      utimesSync(pass, passedAt, passedAt);
    }
    const script = readFileSync(join(filesFolder, "node/usr/lib/logos/health"), "utf8")
      .replace("/run/logos/slurmd.env", pass)
      .replace("/usr/bin/logos-agent", "echo checked:");
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: checked ? "checked: health\n" : "", stderr: "" });
  });
});

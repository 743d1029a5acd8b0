import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesFolder, listFiles } from "../../../images/files.ts";
import { makeRoot, systemdVersion } from "./root.ts";

let root: string;
beforeAll(() => {
  root = makeRoot(["common", "node"]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const units = ["common", "node"]
  .flatMap((tree) => listFiles(tree))
  .flatMap(({ path }) => /^\/etc\/systemd\/system\/(?<unit>[^/]+)$/.exec(path)?.groups?.unit ?? []);

/** What systemd-analyze has to say about a unit and everything it pulls in. */
function complaints(unit: string): readonly string[] {
  const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", `--root=${root}`, unit], { encoding: "utf8" });
  // ImportCredential= is of systemd 254; the machines have 257.
  const known = (line: string) => systemdVersion() < 254 && line.includes("Unknown key 'ImportCredential'");
  return stderr.split("\n").filter((line) => line.trim() !== "" && !known(line));
}

describe("systemd finds nothing wrong with", () => {
  it.each([...units, "slurmd.service", "multi-user.target"])("%s", (unit) => {
    expect(complaints(unit)).toEqual([]);
  });

  it("the machine, and would find an ordering cycle", () => {
    const path = join(root, "/etc/systemd/system/var-logos\\x2dcache.mount");
    const sound = readFileSync(path, "utf8");
    writeFileSync(path, sound.replace("DefaultDependencies=no\n", ""));
    expect(complaints("multi-user.target").join("\n")).toMatch(/ordering cycle/);
    writeFileSync(path, sound);
  });
});

/** Exposure by `systemd-analyze security`, 0 (closed) to 10, with a little room for the scale of another release. */
const exposure: readonly [string, number][] = [
  ["logos-agent.service", 1.2],
  ["logos-mission.service", 1.2],
  ["logos-rebuild.service", 1.2],
  ["logos-prepare.service", 1.6],
  ["logos-smoke.service", 2.4],
  ["logos-leave.service", 2.3],
  // It ends processes of any user.
  ["logos-watchdog.service", 2.6],
  // It mounts a disk: CAP_SYS_ADMIN, and no namespace of its own.
  ["logos-cache-disk.service", 4.8],
];

describe("the exposure", () => {
  it("is bounded for every service", () => {
    expect(exposure.map(([unit]) => unit).sort()).toEqual(units.filter((unit) => unit.endsWith(".service")).sort());
  });
  it.each(exposure)("of %s is at most %d", (unit, most) => {
    const { stdout } = spawnSync(
      "systemd-analyze",
      ["security", "--no-pager", "--offline=yes", `--root=${root}`, unit],
      { encoding: "utf8" },
    );
    const score = Number(/exposure level for \S+: (?<score>[\d.]+)/.exec(stdout)?.groups?.score);
    expect(score).toBeLessThanOrEqual(most);
  });
});

describe("the gate stands before everything", () => {
  const text = (path: string) => readFileSync(join(filesFolder, path), "utf8");
  it("slurmd requires it, and the encrypted disk", () => {
    expect(text("node/etc/systemd/system/slurmd.service.d/10-logos.conf")).toMatch(
      /^Requires=logos-smoke\.service var-logos\\x2dcache\.mount$/m,
    );
  });
  it("the network requires the firewall, and the firewall the machine's record", () => {
    expect(text("common/etc/systemd/system/systemd-networkd.service.d/10-logos.conf")).toMatch(
      /^Requires=nftables\.service$/m,
    );
    expect(text("common/etc/systemd/system/nftables.service.d/10-logos.conf")).toMatch(
      /^Requires=logos-prepare\.service$/m,
    );
  });
  it("no unit holds a key or a password", () => {
    for (const tree of ["common", "node", "bastion"])
      for (const { path } of listFiles(tree))
        expect(text(`${tree}${path}`)).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|SetCredential=/);
  });
});

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { filesFolder, listFiles } from "../../../images/files.ts";
import { makeRoot, systemdVersion } from "../images/root.ts";

let root: string;
const put = (path: string, text: string) => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text, { mode: 0o644 });
};
beforeAll(() => {
  root = makeRoot(["common", "cloud", "aws", "node"]);
  // The distribution's units that ours are ordered by.
  put("/usr/lib/systemd/system/ssh.service", "[Unit]\nAfter=network.target\n[Service]\nExecStart=/usr/sbin/sshd -D\n");
  put(
    "/usr/lib/systemd/system/cloud-init.service",
    "[Unit]\nDefaultDependencies=no\nAfter=systemd-networkd.service\nBefore=network-online.target ssh.service\n[Service]\nType=oneshot\nExecStart=/usr/bin/mkdir\n",
  );
  put(
    "/usr/lib/systemd/system/slurmctld.service",
    "[Unit]\nAfter=network-online.target\n[Service]\nExecStart=/usr/bin/mkdir\n",
  );
  put(
    "/etc/systemd/system/multi-user.target.d/cloud.conf",
    "[Unit]\nWants=logos-credentials.service logos-data-disk.service nftables.service ssh.service cloud-init.service\n",
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function complaints(unit: string): readonly string[] {
  const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", `--root=${root}`, unit], { encoding: "utf8" });
  const known = (line: string) => systemdVersion() < 254 && line.includes("Unknown key 'ImportCredential'");
  return stderr.split("\n").filter((line) => line.trim() !== "" && !known(line));
}

const units = ["cloud", "aws"]
  .flatMap((tree) => listFiles(tree))
  .flatMap(({ path }) => /^\/etc\/systemd\/system\/(?<unit>[^/]+)$/.exec(path)?.groups?.unit ?? []);

describe("on a machine of a cloud, systemd finds nothing wrong with", () => {
  it.each([...units, "multi-user.target"])("%s", (unit) => {
    expect(complaints(unit)).toEqual([]);
  });

  it("the order of credentials, firewall and network, and would find a cycle", () => {
    const path = "/etc/systemd/system/systemd-networkd.service.d/10-logos.conf";
    const sound = readFileSync(join(root, path), "utf8");
    const ofAll = readFileSync(join(filesFolder, "common", path), "utf8");
    put(path, ofAll);
    expect(complaints("multi-user.target").join("\n")).toMatch(/ordering cycle/);
    put(path, sound);
  });
});

describe("the exposure", () => {
  it.each([
    ["logos-credentials.service", 2.0],
    ["logos-data-disk.service", 2.6],
  ])("of %s is at most %d", (unit, most) => {
    const { stdout } = spawnSync(
      "systemd-analyze",
      ["security", "--no-pager", "--offline=yes", `--root=${root}`, unit],
      {
        encoding: "utf8",
      },
    );
    expect(Number(/exposure level for \S+: (?<score>[\d.]+)/.exec(stdout)?.groups?.score)).toBeLessThanOrEqual(most);
  });
});

describe("programs of cloud machines", () => {
  it("are sound shell", () => {
    for (const tree of ["cloud", "aws"])
      for (const { path, mode } of listFiles(tree)) {
        if (mode !== 0o755) continue;
        const file = join(filesFolder, tree, path);
        expect(readFileSync(file, "utf8").startsWith("#!/bin/sh\n"), path).toBe(true);
        expect(spawnSync("sh", ["-n", file], { encoding: "utf8" }).stderr, path).toBe("");
      }
  });
});

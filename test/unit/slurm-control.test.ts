import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const files = new URL("../../images/files/control/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, files), "utf8");

const canCheckRules = process.getuid?.() === 0 && spawnSync("nft", ["--version"]).status === 0;

test.runIf(canCheckRules)("nft takes the rules of the control plane (needs root and nft)", () => {
  const peers = "define bastion = 10.83.0.2\ndefine control = 10.83.0.3\ndefine network = 10.83.0.0/24\n";
  const rules = read("etc/nftables.conf").replace('include "/run/logos/peers.nft"', peers);
  expect(rules).toContain(peers);
  const { status, stderr } = spawnSync("nft", ["--check", "--file", "-"], { input: rules, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test.each(["usr/lib/logos/control-activate", "etc/slurm/logos-prolog.sh"])("%s is a shell script", (path) => {
  expect(read(path)).toMatch(/^#!\/bin\/sh\n/);
  expect(spawnSync("sh", ["-n"], { input: read(path), encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
});

test("the prolog asks the gate's unit and takes every other answer for a no", () => {
  const commands = read("etc/slurm/logos-prolog.sh")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(commands).toEqual(["exec systemctl is-active --quiet logos-smoke.service"]);
});

test("slurmctld takes its key from a credential and from no file", () => {
  const unit = read("etc/systemd/system/slurmctld.service.d/10-logos.conf");
  expect(unit).toContain("\nLoadCredential=slurm.jwks\n");
  expect(unit).toContain("\nEnvironment=SLURM_SACK_JWKS=%d/slurm.jwks\n");
  expect(unit).toContain("\nCapabilityBoundingSet=\n");
  expect(unit).toContain("\nProtectSystem=strict\n");
});

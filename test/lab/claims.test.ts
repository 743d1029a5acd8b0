import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { claims } from "../claims/table.ts";
import { endSharedLab } from "../support/lab.ts";

/** Those of the engine are checked by test/engine, which needs no root. */
const here = claims.filter(({ tag }) => tag !== "engine");

/** What is checked on every run, within minutes. The others take hours: `npm run claims -- --tag lab`, or `pool`. */
const held = [
  "no-drift",
  "rebuild-unit",
  "scale",
  "dead-machine-replaced",
  "bastion-only",
  "host-key-differs",
  "login-hardened",
  "cache-encrypted",
  "secrets-canary",
  "jobs-survive-kills-quick",
];

const root = process.getuid?.() === 0;
const linux = process.platform === "linux" && existsSync("/proc/self/ns/net");
const reason = linux ? "needs root" : "needs Linux";

afterAll(endSharedLab);

describe(`the lab on this host${root && linux ? "" : ` (${reason})`}`, () => {
  for (const claim of here.filter(({ name }) => held.includes(name)))
    it.skipIf(!root || !linux)(`${claim.name}: ${claim.statement}`, async () => {
      expect(await claim.check(() => undefined)).not.toBe("");
    });
});

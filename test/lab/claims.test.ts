import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { claims } from "../claims/table.ts";
import { endSharedLab } from "../support/lab.ts";

/** Those of the engine are checked by test/engine, which needs no root. */
const here = claims.filter(({ tag }) => tag !== "engine");

/** Claims that take longer than this are left to `npm run claims`, which says how long they take; so are those of owned servers. */
const longest = 150;

const root = process.getuid?.() === 0;
const linux = process.platform === "linux" && existsSync("/proc/self/ns/net");
const reason = linux ? "needs root" : "needs Linux";

afterAll(endSharedLab);

describe(`the lab on this host${root && linux ? "" : ` (${reason})`}`, () => {
  for (const claim of here.filter(({ seconds }) => seconds <= longest))
    it.skipIf(!root || !linux)(`${claim.name}: ${claim.statement}`, async () => {
      expect(await claim.check(() => undefined)).not.toBe("");
    });
});

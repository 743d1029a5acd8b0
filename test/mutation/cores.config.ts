import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** What kills a mutant of the cores: their own tests, with fewer random sets than elsewhere, since each mutant meets them. */
export default defineConfig({
  root: join(import.meta.dirname, "../.."),
  test: { include: ["test/policy/core/*.test.ts"], env: { LOGOS_RANDOM_SETS: "300" }, testTimeout: 60_000 },
});

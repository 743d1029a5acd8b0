import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** What kills a mutant of a rule: its cases, and the negative controls. */
export default defineConfig({
  root: join(import.meta.dirname, "../.."),
  test: {
    include: ["test/policy/cases.test.ts", "test/policy/{bastion-only,disks-encrypted,image-gated}.test.ts"],
    testTimeout: 60_000,
  },
});

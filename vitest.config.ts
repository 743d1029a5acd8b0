import { defineConfig } from "vitest/config";

const minute = 60_000;

export default defineConfig({
  test: {
    reporters: ["default", "./test/support/skips.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/lab/**"],
          // Real tools are asked (git, nft, systemd-analyze, the CLI), on machines that may be busy.
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          name: "lab",
          include: ["test/lab/**/*.test.ts"],
          // One host, one lab: what a check measures must not be another check.
          fileParallelism: false,
          testTimeout: 20 * minute,
          hookTimeout: 20 * minute,
        },
      },
    ],
  },
});

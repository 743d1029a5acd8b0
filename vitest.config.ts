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
          exclude: ["test/lab/**", "test/**/*.engine.test.ts"],
          // Real tools are asked (git, nft, systemd-analyze, the CLI), on machines that may be busy.
          testTimeout: minute,
          hookTimeout: minute,
        },
      },
      {
        test: {
          name: "engine",
          include: ["test/**/*.engine.test.ts"],
          // Each runs the CLI, its providers and a program: two at once are enough for two cores.
          maxWorkers: 2,
          testTimeout: 10 * minute,
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

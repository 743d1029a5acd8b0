import type { Reporter, TestModule } from "vitest/node";

/** Names every test that was skipped; in CI a skip is a failure, because a check that did not run shows nothing. */
export default class Skips implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests("skipped")].map((test) => `${module.relativeModuleId}: ${test.fullName}`),
    );
    if (skipped.length === 0) return;
    console.log(`\nSkipped, because this machine cannot run them:\n${skipped.map((name) => `  ${name}`).join("\n")}`);
    if (process.env.CI !== undefined) {
      console.log("In CI nothing may be skipped.");
      process.exitCode = 1;
    }
  }
}

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { INSTRUMENTER_CONSTANTS, type InstrumenterContext } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  type CompleteDryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";

interface Test {
  readonly id: string;
  readonly wrong: () => AsyncIterable<string>;
}

/**
 * Asks the rules their cases and the negative controls in Stryker's own process, loaded once. A test framework loads the rules, the
 * SDK and all cases again for each mutant: that is a hundred times as long as what is asked.
 */
class CasesRunner implements TestRunner {
  #tests: readonly Test[] = [];
  readonly #instrumented: InstrumenterContext = {};

  capabilities() {
    return { reloadEnvironment: false };
  }

  /** Loads the cases of the sandbox, which Stryker made the working directory. */
  async init(): Promise<void> {
    Reflect.set(globalThis, INSTRUMENTER_CONSTANTS.NAMESPACE, this.#instrumented);
    const { tests }: typeof import("./cases-tests.ts") = await import(
      pathToFileURL(resolve("test/mutation/cases-tests.ts")).href
    );
    this.#tests = tests;
  }

  async dryRun(): Promise<CompleteDryRunResult> {
    const run = await this.#run(this.#tests);
    const { mutantCoverage } = this.#instrumented;
    return mutantCoverage === undefined ? run : { ...run, mutantCoverage };
  }

  async mutantRun({ activeMutant, hitLimit, testFilter }: MutantRunOptions): Promise<MutantRunResult> {
    Object.assign(this.#instrumented, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    const tests = this.#tests.filter(({ id }) => testFilter === undefined || testFilter.includes(id));
    const run = await this.#run(tests, "until one fails");
    return toMutantRunResult(determineHitLimitReached(this.#instrumented.hitCount, hitLimit) ?? run);
  }

  async #run(tests: readonly Test[], until?: "until one fails"): Promise<CompleteDryRunResult> {
    const results: TestResult[] = [];
    for (const test of tests) {
      this.#instrumented.currentTestId = test.id;
      const result = await ask(test);
      results.push(result);
      if (until !== undefined && result.status === TestStatus.Failed) break;
    }
    delete this.#instrumented.currentTestId;
    return { status: DryRunStatus.Complete, tests: results };
  }
}

async function ask({ id, wrong }: Test): Promise<TestResult> {
  const started = performance.now();
  const failureMessage = await firstOf(wrong());
  const result = { id, name: id, timeSpentMs: performance.now() - started };
  return failureMessage === undefined
    ? { ...result, status: TestStatus.Success }
    : { ...result, status: TestStatus.Failed, failureMessage };
}

/** The first thing that is wrong; a rule that throws is wrong too. */
async function firstOf(wrong: AsyncIterable<string>): Promise<string | undefined> {
  try {
    for await (const one of wrong) return one;
    return undefined;
  } catch (error) {
    return String(error);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "cases", CasesRunner)];

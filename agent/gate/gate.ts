import { readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../core/errors.ts";
import { parseWorkloadRecord } from "../../core/manifest.ts";
import { parsePins } from "../../core/pins.ts";
import { type CheckOutcome, type Failure, requiredChecks, type Verdict, type VerdictKind } from "../../core/verdict.ts";
import { CheckFailure } from "../failure.ts";
import { takeLock } from "../io/lock.ts";
import type { Identity } from "../io/process.ts";
import { withScratch } from "../io/scratch.ts";
import type { Paths } from "../paths.ts";
import { agentHashCheck } from "./check-agent-hash.ts";
import { axiomsCheck } from "./check-axioms.ts";
import { commitCheck } from "./check-commit.ts";
import { coqchkCheck } from "./check-coqchk.ts";
import { manifestCheck } from "./check-manifest.ts";
import { proofsCheck } from "./check-proofs.ts";
import type { Check, Facts, GateContext } from "./context.ts";

/** In the order they are made: each rests on the ones before it. */
export const checks: readonly Check[] = [
  manifestCheck,
  commitCheck,
  agentHashCheck,
  proofsCheck,
  axiomsCheck,
  coqchkCheck,
];

export interface GateRequest {
  readonly kind: VerdictKind;
  readonly checkout: string;
  /** Commit that must be checked out; absent for the image's own. */
  readonly commit?: string;
  readonly paths: Paths;
  readonly slots: number;
  readonly lockWaitSeconds: number;
  readonly searchPath: string;
  readonly agentVersion: string;
  /** Called with a line for people when a check begins or ends. */
  readonly progress: (line: string) => void;
}

/** The verdict, and what the health check needs to know of the files that were verified. */
export interface GateAnswer {
  readonly verdict: Verdict;
  readonly facts: Facts;
}

/** Makes the checks of this kind in order, up to the first failure. Never throws: whatever goes wrong is a FAIL. */
export async function runGate(request: GateRequest): Promise<GateAnswer> {
  const begun = performance.now();
  const startedAt = new Date().toISOString();
  const outcomes: CheckOutcome[] = [];
  let facts: Facts = {};
  let failure: Failure | undefined;
  try {
    await withCheckout(request, async (context) => {
      for (const check of checks.filter(({ id }) => requiredChecks[request.kind].includes(id))) {
        const checkBegun = performance.now();
        const outcome = await attempt(check, context);
        const seconds = secondsSince(checkBegun);
        const result = "failure" in outcome ? "FAIL" : "PASS";
        request.progress(`${result} ${check.title} (${seconds} s)`);
        outcomes.push({ id: check.id, result, seconds });
        if ("failure" in outcome) {
          failure = outcome.failure;
          return;
        }
        facts = { ...facts, ...outcome.facts };
      }
    });
  } catch (error) {
    failure = { id: "setup", message: messageOf(error), outputTail: "", couldNotRun: true };
  }
  const verdict: Verdict = {
    schema: 1,
    kind: request.kind,
    result: failure === undefined ? "PASS" : "FAIL",
    checks: outcomes,
    ...(failure === undefined ? {} : { firstFailure: failure }),
    ...(facts.commit === undefined ? {} : { commit: facts.commit }),
    ...(facts.imageDigest === undefined ? {} : { imageDigest: facts.imageDigest }),
    ...(facts.coqVersion === undefined ? {} : { coqVersion: facts.coqVersion }),
    startedAt,
    seconds: secondsSince(begun),
    agentVersion: request.agentVersion,
  };
  return { verdict, facts };
}

/** Who runs the workload's code: the checkout's owner. Root itself never does. Throws {@link CheckFailure}. */
export function workloadIdentity(checkout: string): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { uid, gid } = statSync(checkout);
  if (uid === 0)
    throw new CheckFailure(
      `${checkout} belongs to root, and the workload's code must not run as root. Give it to the user "logos"`,
    );
  return { uid, gid };
}

async function withCheckout(request: GateRequest, use: (context: GateContext) => Promise<void>): Promise<void> {
  const checkout = realpathSync(request.checkout);
  const identity = workloadIdentity(checkout);
  const pins = parsePins(readFileSync(request.paths.pins, "utf8"), request.paths.pins);
  const baked = parseWorkloadRecord(readFileSync(request.paths.workload, "utf8"), request.paths.workload);
  const lock = takeLock(
    join(checkout, ".git", "logos.lock"),
    `a ${request.kind} gate`,
    request.lockWaitSeconds,
    identity,
  );
  try {
    await withScratch(identity, (scratch) =>
      use({
        kind: request.kind,
        checkout,
        commit: request.commit ?? baked.commit,
        pins,
        paths: request.paths,
        identity,
        slots: request.slots,
        lockFd: lock.fd,
        scratch,
        searchPath: request.searchPath,
      }),
    );
  } finally {
    lock.release();
  }
}

async function attempt(check: Check, context: GateContext): Promise<{ facts: Facts } | { failure: Failure }> {
  try {
    return { facts: await check.run(context) };
  } catch (error) {
    const known = error instanceof CheckFailure;
    return {
      failure: {
        id: check.id,
        message: messageOf(error),
        outputTail: known ? error.outputTail : "",
        couldNotRun: known ? error.couldNotRun : true,
      },
    };
  }
}

function secondsSince(begun: number): number {
  return Math.round((performance.now() - begun) / 10) / 100;
}

import { type Claim, ClaimBroken } from "../../claims/claim.ts";
import { killClaims } from "../../claims/metal/kills.ts";
import { operatorClaims } from "../../claims/metal/operator.ts";
import { endSharedMetal, metalClaims } from "../../claims/metal/standing.ts";

/** What is shown of a cloud and cannot be of hosts that people own; each with the reason. */
const notForIt: readonly (readonly [scenario: string, reason: string])[] = [
  ["scale", "its hosts are fixed: metal-hosts adds and removes one by the settings"],
  ["autoscaled", "its hosts are fixed: nobody can buy a server by a call"],
  ["destroy-keep", "there is no store or key among the machines: a host that leaves has its cache disk made blank"],
];

/**
 * `npm run engine -- metal`: no cloud is simulated for it. Machines of the lab play bare servers; it needs Linux and root.
 * @returns the exit code
 */
export async function runMetal(): Promise<number> {
  const shown: readonly Claim[] = [...metalClaims, ...killClaims, ...operatorClaims];
  const start = performance.now();
  let failed = 0;
  // The shared servers go before those of other claims come: two stacks at once are slow on two cores.
  const lastShared = metalClaims.at(-1);
  try {
    for (const claim of shown) {
      const { state, seen, seconds } = await show(claim);
      if (state === "failed") failed += 1;
      console.log(line(state, claim.name, seconds, seen));
      if (claim === lastShared) await endSharedMetal();
    }
  } finally {
    await endSharedMetal();
  }
  for (const [scenario, reason] of notForIt) console.log(line("not for it", scenario, 0, reason));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `Bare servers of the lab, real engine: ${shown.length - failed} passed, ${failed} failed, in ${seconds} s`,
  );
  return failed === 0 ? 0 : 1;
}

async function show({ check }: Claim): Promise<{ state: "passed" | "failed"; seen: string; seconds: number }> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const seen = await check((text) => console.error(`  ${text}`));
    return { state: "passed", seen, seconds: seconds() };
  } catch (error) {
    return {
      state: "failed",
      seen: error instanceof ClaimBroken ? error.message : String(error),
      seconds: seconds(),
    };
  }
}

function line(state: string, name: string, seconds: number, seen: string): string {
  return `${state.padEnd(10)} metal ${name.padEnd(17)} ${seconds.toFixed(1).padStart(5)} s  ${seen}`;
}

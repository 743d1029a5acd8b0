import { ClaimBroken } from "../../claims/claim.ts";
import { operatorClaims } from "../../claims/metal/operator.ts";
import { endSharedMetal, metalClaims } from "../../claims/metal/standing.ts";

/** `npm run engine -- metal`: no cloud is simulated for it. Machines of the lab play bare servers; it needs Linux and root. */
export async function runMetal(): Promise<number> {
  let failed = 0;
  try {
    for (const { name, check } of [...metalClaims, ...operatorClaims]) {
      const start = performance.now();
      let seen: string;
      let state = "passed";
      try {
        seen = await check((line) => console.error(`  ${line}`));
      } catch (error) {
        seen = error instanceof ClaimBroken ? error.message : String(error);
        state = "failed";
        failed += 1;
      }
      console.log(`${state.padEnd(10)} ${name} ${((performance.now() - start) / 1000).toFixed(1)} s  ${seen}`);
    }
  } finally {
    await endSharedMetal();
  }
  console.log(
    `Bare servers of the lab, real engine: ${metalClaims.length + operatorClaims.length - failed} passed, ${failed} failed`,
  );
  return failed === 0 ? 0 : 1;
}

import type { Declared, MockedEngine } from "./engine.ts";
import { gcpConfig, gcpTunnelConfig } from "./gcp.ts";
import { declareSubstrate } from "./substrate.ts";

/** A stack on Google Cloud as the tests of its target look at it. To declare one takes seconds: once for all tests of a file. */
export const gcpStack = () => declareSubstrate(gcpConfig);

/** Another, of which everything is as the first is not. */
export function otherGcpStack() {
  const { data, alerts } = gcpConfig;
  return declareSubstrate({
    ...gcpTunnelConfig,
    data: { ...data, keep: false },
    alerts: { ...alerts, email: "" },
    pool: { min: 4, max: 5, standby: 2 },
  });
}

export type GcpStack = Awaited<ReturnType<typeof gcpStack>>;

/** The address of a role's service account. */
export const email = (role: string) => `logos-dev-${role}@logos-proofs.iam.gserviceaccount.com`;

/** Everything of one type by the last word of its token: `Instance` and so on. */
export function all(engine: MockedEngine, resource: string): readonly Declared[] {
  const found = engine.declared.filter(({ type }) => type.startsWith("gcp:") && type.endsWith(`:${resource}`));
  if (found.length === 0) throw new Error(`there is no ${resource}`);
  // The order of registration is nobody's.
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
}

export function only(engine: MockedEngine, resource: string, name: RegExp = /./): Declared {
  const [one, ...more] = all(engine, resource).filter((declared) => name.test(declared.name));
  if (one === undefined || more.length > 0) throw new Error(`${more.length + 1} of ${resource} are called ${name}`);
  return one;
}

import { setTimeout as delay } from "node:timers/promises";
import { placesAt } from "./paths.ts";
import type { CloudStore } from "./store.ts";
import { CloudError, type CloudTable, type Inputs, type Reference, type Row } from "./table.ts";
import type { Standing } from "./view.ts";

/** How long a provider that tries again waits for what the cloud does not know yet. */
const longestWaitMs = 5_000;

type Wording = CloudTable["wording"];

/** One input that names another resource; `holds`: that one cannot go while it does. */
interface Edge {
  readonly target: number;
  readonly path: string;
  readonly holds: boolean;
}

/**
 * What the inputs name, each found.
 * @throws CloudError for a name that nothing bears, or that the cloud does not know yet
 */
export function edgesOf(type: string, row: Row, inputs: Inputs, store: CloudStore, wording: Wording): readonly Edge[] {
  return Object.entries(row.references ?? {}).flatMap(([pattern, reference]) =>
    placesAt(inputs, pattern).flatMap(({ path, value }): readonly Edge[] => {
      const target = typeof value === "string" ? targetOf(reference, value, store, wording) : undefined;
      if (target !== undefined) return [{ target: target.key, path, holds: reference.holds ?? true }];
      if (typeof value === "string" && reference.external?.test(value)) return [];
      throw new CloudError(wording.notFound(type, `${path} ${JSON.stringify(value)}`));
    }),
  );
}

function targetOf(reference: Reference, value: string, store: CloudStore, wording: Wording): Standing | undefined {
  const named = reference.part === undefined ? value : (reference.part(value) ?? value);
  const target = store.find(reference.to, named);
  if (target === undefined) return undefined;
  const knownAt = store.knownAt(target);
  if (knownAt > Date.now()) throw new NotKnownYet(wording.notYet(target.type, named), knownAt);
  return target;
}

/** Runs a transaction; where what it names is not known to the cloud yet, again when it is, if the real provider does so. */
export async function whenKnown<T>(store: CloudStore, row: Row, work: () => T): Promise<T> {
  const end = Date.now() + longestWaitMs;
  for (;;) {
    try {
      return store.transaction(work);
    } catch (error) {
      if (!(error instanceof NotKnownYet) || row.retries !== true || error.knownAt > end) throw error;
      await delay(Math.max(1, error.knownAt - Date.now()));
    }
  }
}

class NotKnownYet extends CloudError {
  readonly knownAt: number;
  constructor(message: string, knownAt: number) {
    super(message);
    this.knownAt = knownAt;
  }
}

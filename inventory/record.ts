import * as pulumi from "@pulumi/pulumi";
import type { InventoryItem } from "../core/costs/cost.ts";

/** What stands for a value that is not known yet, in what the SDK sends (`sdk/nodejs/runtime/rpc.ts`). */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Runs a program against a recorder in place of the engine: nothing is made, and what a provider would answer is unknown, as
 * in the preview of a stack that does not stand yet.
 *
 * @param settings the stack's, by full key, as Pulumi hands them out: objects as JSON.
 * @returns everything that the program declares, in no order.
 */
export async function recordProgram(
  stack: string,
  settings: Readonly<Record<string, string>>,
  program: () => Promise<unknown>,
): Promise<readonly InventoryItem[]> {
  const items: InventoryItem[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        items.push({ type, name, inputs: knownOf(inputs) });
        return { id: undefined, state: inputs };
      },
      call: () => ({}),
    },
    "logos",
    stack,
    true,
  );
  pulumi.runtime.setAllConfig({ ...settings });
  await program();
  await pulumi.runtime.disconnect();
  return items;
}

/** Inputs in plain values, secrets unwrapped, without what is not known. */
function knownOf(inputs: unknown): Readonly<Record<string, unknown>> {
  const known = plain(inputs);
  return typeof known === "object" && known !== null ? Object.fromEntries(Object.entries(known)) : {};
}

function plain(value: unknown): unknown {
  if (value === unknown) return undefined;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

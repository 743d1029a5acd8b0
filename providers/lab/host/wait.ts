import { setTimeout as pause } from "node:timers/promises";

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly everyMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Asks `condition` until it answers something, or answers undefined when the time is over. Rejects when aborted. */
export async function until<T>(
  condition: () => Promise<T | undefined> | T | undefined,
  { timeoutMs, everyMs = 20, signal }: WaitOptions,
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await condition();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) return undefined;
    await pause(everyMs, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "../../policies/finding.ts";
import { readRecord } from "../../policies/report/render.ts";
import { EngineStack, must } from "../engine/stack.ts";
import { ProjectCopy } from "../support/project-copy.ts";
import { changes } from "../support/stack.ts";
import { readSettings } from "./settings.ts";

/** The lab's stack as people have it: waivers name a stack. */
const labStack = "dev";

/** What a preview of one stack came to, or what else was asked for. */
export interface Checked {
  readonly stack: string;
  readonly findings: readonly Finding[];
  /** Resources that would be made. */
  readonly planned: number;
  /** What the simulated cloud was asked to change, and what of the host's the engine has recorded: nothing, by a preview. */
  readonly made: readonly string[];
  /** Keys of the settings for which something else stood in. */
  readonly standIns: readonly string[];
  /** Those of them that are encrypted, and that a check does not read. */
  readonly encrypted: readonly string[];
  /** The engine's own output, where the preview failed. */
  readonly failure?: string;
  readonly seconds: number;
}

export interface CheckOptions {
  /** Instead of `preview`. */
  readonly command?: readonly string[];
  /** Source text that runs before the program. */
  readonly before?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Instead of this repository's guardrails: a copy of them with other waivers. */
  readonly pack?: string;
  /** Is told the process that previews, which leads a group of its own: whoever ends the check ends it too. */
  readonly started?: (pid: number) => void;
}

/** Whether a check passes: every preview went through, and nothing was found that is not waived. */
export function passes(checked: readonly Checked[]): boolean {
  return checked.every(
    ({ failure, findings }) => failure === undefined && findings.every(({ waiver }) => waiver !== undefined),
  );
}

/**
 * Previews a stack with the real engine and the guardrails, over simulated clouds, from nothing: no account is asked, no stack of
 * the user's is read, and what is made for it goes with it.
 * @throws Error when what is not the program's keeps the check from running
 */
export async function checkStack(stack: string, options: CheckOptions = {}): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), "logos-check-"));
  const undo: (() => void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const { settings, standIns, encrypted, remove } = readSettings(stack);
    undo.push(remove);
    const project = new ProjectCopy(options.before);
    undo.push(() => project.remove());
    const record = join(folder, "findings");
    const engine = new EngineStack(stack, {
      stack: stack === "lab" ? labStack : stack,
      project: project.folder,
      ...(options.pack === undefined ? {} : { pack: options.pack }),
      environment: {
        LOGOS_GUARDRAILS_REPORT: record,
        // The lab of this host is not looked at, and what Pulumi's own parts leave lies where it is removed.
        LOGOS_LAB_ROOT: join(folder, "lab"),
        TMPDIR: folder,
        ...options.environment,
      },
    });
    undo.push(() => engine.remove());
    await engine.init(settings);
    const running = engine.on(options.command ?? ["preview"]);
    options.started?.(running.process.pid ?? 0);
    const run = await running.done;
    const made = [
      ...engine.cloud.operationsSince(0),
      ...engine.recorded().flatMap(({ urn, custom }) => (custom ? [urn] : [])),
    ];
    if (options.command === undefined && made.length > 0)
      throw new Error(`the preview of ${stack} made ${made.join(", ")}`);
    if (run.code === 0 && !run.output.includes("logos-guardrails"))
      must({ ...run, code: 1 }, "a preview without guardrails");
    return {
      stack,
      findings: readRecord(record),
      planned: changes(run).created,
      made,
      standIns,
      encrypted,
      ...(run.code === 0 ? {} : { failure: run.output }),
      seconds: run.seconds,
    };
  } finally {
    for (const step of undo.toReversed()) step();
  }
}

import { setTimeout as pause } from "node:timers/promises";
import { readCluster } from "../cluster.ts";
import { readOptions } from "../options.ts";
import type { Session } from "../session.ts";
import { renderStatus, statusView } from "../views/status.ts";

export const statusHelp = `Usage: logos status [--watch] [--json]

  --watch   again every 2 seconds, until Ctrl-C
  --json    as JSON, one object a line with --watch
`;

const watchMs = 2000;

export async function statusCommand(args: readonly string[], open: () => Session): Promise<number> {
  const { values } = readOptions("status", {
    args: [...args],
    options: { watch: { type: "boolean" }, json: { type: "boolean" } },
  });
  const { stack, outputs, remote } = open();
  // On a terminal each look takes the place of the one before; elsewhere they follow each other.
  const clear = values.watch === true && values.json !== true && process.stdout.isTTY ? "\u001b[H\u001b[2J" : "";
  for (;;) {
    const view = statusView(stack, outputs, await readCluster(remote), Date.now());
    const text =
      values.json === true ? `${JSON.stringify(view, null, values.watch === true ? 0 : 2)}\n` : renderStatus(view);
    process.stdout.write(clear + text);
    if (values.watch !== true) return 0;
    await pause(watchMs);
  }
}

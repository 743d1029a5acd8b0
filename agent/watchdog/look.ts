import { connect } from "node:net";
import { slurmPorts } from "../../core/slurm/ports.ts";
import { errorCode } from "../failure.ts";
import { run, systemPath } from "../io/process.ts";
import type { Sight } from "./decide.ts";

const askSeconds = 3;
const connectMs = 1000;

/** Asks the controller about this node. */
export async function look(node: string, controlAddress: string): Promise<Sight> {
  const argv = ["scontrol", "--oneliner", "show", "node", node] as const;
  const finished = await run({ argv, cwd: "/", env: { PATH: systemPath }, timeoutSeconds: askSeconds });
  return sightOf(finished) ?? ((await isRefused(controlAddress)) ? "stopped" : "silent");
}

/** What scontrol's answer says; undefined when the controller gave none. */
export function sightOf({
  code,
  stdout,
  stderr,
}: {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}): Sight | undefined {
  const state = /(?:^|\s)State=(\S+)/.exec(stdout)?.[1];
  if (code === 0 && state !== undefined) return /^DOWN\b/.test(state) ? "given-up" : "known";
  return /\bnot found\b|Invalid node name/i.test(`${stdout}${stderr}`) ? "unknown" : undefined;
}

/** The controller's machine says that nothing listens: the way there is open, and no controller runs. */
function isRefused(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: slurmPorts.controller, timeout: connectMs });
    const end = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.on("connect", () => end(false));
    socket.on("timeout", () => end(false));
    socket.on("error", (error) => end(errorCode(error) === "ECONNREFUSED"));
  });
}

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { renderPeers, renderRuntimeResources } from "../boot/render.ts";
import { Refusal } from "../failure.ts";
import { writeAtomically } from "../io/files.ts";
import { parseMachineRecord } from "../machine.ts";
import { machinePaths, type Paths } from "../paths.ts";

/**
 * `logos-agent prepare`: admits what the machine is told at birth and lays out /run/logos. It runs before the firewall and
 * the network, which both require it: a machine that does not know its peers stays without a network.
 */
export async function prepareCommand(): Promise<number> {
  const credentials = process.env.CREDENTIALS_DIRECTORY;
  if (credentials === undefined)
    throw new Refusal("CREDENTIALS_DIRECTORY is not set: this command is run by logos-prepare.service");
  prepare(credentials, machinePaths);
  return 0;
}

/** Throws {@link Refusal} or `Malformed`, naming the credential. */
export function prepare(credentials: string, paths: Paths): void {
  const text = readCredential(credentials, "logos.machine");
  if (text === undefined)
    throw new Refusal("The credential logos.machine is missing: whoever launches a machine must give it one");
  const record = parseMachineRecord(text, "credential logos.machine");
  mkdirSync(dirname(paths.machine), { recursive: true });
  const signers = readCredential(credentials, "logos.allowed-signers");
  if (signers !== undefined) writeAtomically(paths.allowedSigners, signers);
  writeAtomically(paths.peers, renderPeers(record));
  writeAtomically(paths.runtimeResources, renderRuntimeResources(record));
  writeAtomically(paths.machine, `${JSON.stringify(record, null, 2)}\n`);
}

function readCredential(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

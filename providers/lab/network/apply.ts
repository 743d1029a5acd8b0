import { readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { bridgeName, portPrefix, tableName } from "../../../core/lab/names.ts";
import { labLock, labPaths } from "../../../core/lab/paths.ts";
import type { NetworkArgs } from "../../../core/lab/resources.ts";
import { withLock } from "../host/lock.ts";
import { isMounted, mountsBelow } from "../host/mounts.ts";
import { root } from "../host/root.ts";
import { CommandFailed, run } from "../host/run.ts";
import { intentsOf } from "../machine/record.ts";
import { UserError } from "../resource.ts";
import { renderFirewall } from "./firewall.ts";
import { placeOf, readNetwork } from "./record.ts";

/** Bound of what the secrets of one lab take of the host's memory, in MiB. */
const secretsMb = 16;

/** Makes what is missing of a lab's bridge, tmpfs and firewall, and leaves what stands. The caller holds the lab's lock. */
export async function raise(network: NetworkArgs): Promise<void> {
  await ensureSharedMount(labPaths(root, network.labId).folder);
  await ensureSecrets(network.labId);
  await loadFirewall(network);
  await ensureBridge(network);
}

/** Loads the firewall anew, with the machines that stand now. */
export async function refreshFirewall(labId: string, signal?: AbortSignal): Promise<void> {
  await withLock(labLock(root, labId), signal, async () => {
    const network = await readNetwork(labId);
    if (network !== undefined) await loadFirewall(network);
  });
}

export function bridgeStands(labId: string): boolean {
  return links().includes(bridgeName(labId));
}

export async function tableStands(labId: string): Promise<boolean> {
  try {
    await run(["nft", "list", "table", "bridge", tableName(labId)]);
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}

/** Ports of a lab's machines on this host. */
export function portsOf(labId: string): string[] {
  return links().filter((link) => link.startsWith(portPrefix(labId)));
}

/** Takes down bridge and firewall; what is not there is fine. */
export async function lower(labId: string): Promise<void> {
  if (bridgeStands(labId)) await run(["ip", "link", "delete", bridgeName(labId)]);
  const table = `table bridge ${tableName(labId)}`;
  await run(["nft", "-f", "-"], { input: `${table}\ndelete ${table}\n` });
}

/** The lab's network, or an error that says that it must come first. */
export async function requireNetwork(labId: string): Promise<NetworkArgs> {
  const network = await readNetwork(labId);
  if (network !== undefined && bridgeStands(labId)) return network;
  throw new UserError(`The lab ${labId} has no network on this host. Run \`pulumi refresh\`, then \`pulumi up\`.`);
}

/**
 * Each machine, and much else on a host, holds a copy of the mounts that stood when it started. Below a shared mount an
 * unmount reaches those copies; elsewhere they would keep the disk of a machine that is gone in use.
 */
async function ensureSharedMount(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Bound over mounts that stand, it would hide them.
  if (mountsBelow(folder).length === 0) await run(["mount", "--bind", folder, folder]);
  if (isMounted(folder)) await run(["mount", "--make-shared", folder]);
}

async function ensureSecrets(labId: string): Promise<void> {
  const { secrets } = labPaths(root, labId);
  if (isMounted(secrets)) return;
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  const options = `size=${secretsMb}m,mode=0700,nosuid,nodev,noexec`;
  try {
    await run(["mount", "-t", "tmpfs", "-o", `${options},noswap`, "logos-lab", secrets]);
  } catch (error) {
    // Kernels before 6.4 do not know noswap.
    if (!(error instanceof CommandFailed)) throw error;
    await run(["mount", "-t", "tmpfs", "-o", options, "logos-lab", secrets]);
  }
}

async function ensureBridge(network: NetworkArgs): Promise<void> {
  const bridge = bridgeName(network.labId);
  if (!links().includes(bridge)) await run(["ip", "link", "add", "name", bridge, "type", "bridge"]);
  await writeFile(`/proc/sys/net/ipv6/conf/${bridge}/disable_ipv6`, "1").catch(() => undefined);
  await run(["ip", "address", "replace", `${placeOf(network, "gateway")}/24`, "dev", bridge]);
  await run(["ip", "link", "set", "dev", bridge, "up"]);
  // Machines outlive a bridge that somebody removed; they are plugged in again.
  for (const port of portsOf(network.labId)) await run(["ip", "link", "set", "dev", port, "master", bridge, "up"]);
}

/** Loads the firewall with the machines that stand now. The caller holds the lab's lock. */
export async function loadFirewall(network: NetworkArgs): Promise<void> {
  const { labId, rules } = network;
  const members = await intentsOf(labId);
  const input = renderFirewall({ labId, gateway: placeOf(network, "gateway"), rules, members });
  await run(["nft", "-f", "-"], { input });
}

function links(): string[] {
  return readdirSync("/sys/class/net");
}

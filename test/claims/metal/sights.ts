import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { MetalStack } from "../../support/metal-stack.ts";

/** Does the scheduler give this node work? */
export function serves(node: { readonly flags: ReadonlySet<string> }): boolean {
  const usable = ["IDLE", "MIXED", "ALLOCATED"].some((flag) => node.flags.has(flag));
  return usable && !["DRAIN", "DOWN", "NOT_RESPONDING"].some((flag) => node.flags.has(flag));
}

/** What a server still has of a stack that left it, in words; empty when nothing. */
export async function leftOn(metal: MetalStack, name: string): Promise<string> {
  const script = [
    "ls -d /etc/logos /usr/lib/logos /opt/logos /run/logos /var/lib/logos /home/operator/stage /etc/credstore/* /run/credstore/* 2>/dev/null",
    "blkid -p -s LABEL -o value /dev/logos-data 2>/dev/null",
    "find /etc/systemd/system -name '*logos*' 2>/dev/null",
    "sudo nft list tables 2>/dev/null | grep logos",
    "systemctl is-active slurmd slurmctld logos-prepare logos-smoke 2>/dev/null | grep -x active",
    "true",
  ].join("; ");
  return (await metal.servers.must(name, `sudo sh -c "${script}"`)).trim();
}

/** Another commit of the workload: the shortest change that a recipe can have. */
export function note(folder: string, text: string, file = "README.md"): void {
  appendFileSync(join(folder, file), `\n${text}\n`);
}

import type { MachineRecord } from "../../core/machine.ts";
import { standbyReason } from "../../core/slurm/reasons.ts";
import { schedulableMemoryMb } from "../../core/slurm/size.ts";
import type { Verdict } from "../../core/verdict.ts";
import { Refusal } from "../failure.ts";

/** Names for nftables: who is who, as seen from this machine. Its network is a /24, as for every machine of the substrate. */
export function renderPeers(record: MachineRecord): string {
  const network = `${record.address.split(".").slice(0, 3).join(".")}.0/24`;
  return [
    `define bastion = ${record.bastionAddress}`,
    `define control = ${record.controlAddress}`,
    `define operator = { ${record.operatorRanges.join(", ")} }`,
    `define network = ${network}`,
    "",
  ].join("\n");
}

/** The workload's view of this machine's capacity (its deployment/configuration/runtime_resources.json), from the numbers Slurm gets. */
export function renderRuntimeResources(record: MachineRecord): string {
  const resources = {
    cpu_slots: record.cpus,
    memory_mb: schedulableMemoryMb(record.memoryMb),
    disk_mb: record.diskMb,
  };
  return `${JSON.stringify(resources, null, 2)}\n`;
}

/** Feature that only machines with a PASS carry; jobs and the partition ask for it. */
const gatedFeature = "logos-proof-gated";

/**
 * How slurmd registers this machine, as an environment file: drained, so that whoever keeps the pool decides when it takes work. Throws {@link Refusal} unless the verdict is a PASS of a
 * booted machine.
 */
export function renderSlurmdEnvironment(record: MachineRecord, verdict: Verdict): string {
  const { commit, imageDigest, coqVersion } = verdict;
  if (verdict.kind !== "boot" || verdict.result !== "PASS")
    throw new Refusal(`The ${verdict.kind} verdict is ${verdict.result}: this machine must not register`);
  if (commit === undefined || imageDigest === undefined || coqVersion === undefined)
    throw new Refusal("The verdict does not name commit, image and Coq: this machine must not register");
  const image = imageDigest.slice(0, 12);
  const features = [gatedFeature, `img-${image}`, `coq-${coqVersion}`];
  const extra = {
    gate: verdict.result,
    seconds: verdict.seconds,
    at: verdict.startedAt,
    commit: commit.slice(0, 12),
    image,
  };
  const variables = {
    LOGOS_NODE: record.name,
    LOGOS_CONTROL: record.controlAddress,
    LOGOS_CONF: `Feature=${features.join(",")} CPUs=${record.cpus} RealMemory=${schedulableMemoryMb(record.memoryMb)} State=DRAIN Reason=${standbyReason}`,
    LOGOS_EXTRA: JSON.stringify(extra),
  };
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join("");
}

/** systemd takes everything between single quotes as it is, and has no way to write such a quote there. */
function quoted(name: string, value: string): string {
  if (!/^[\x20-\x26\x28-\x7e]*$/.test(value))
    throw new Refusal(`${name} would be ${JSON.stringify(value)}, which cannot stand in an environment file`);
  return `'${value}'`;
}

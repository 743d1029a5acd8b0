import type { MachineArgs, NetworkArgs } from "../../../core/lab/resources.ts";
import type { MachineRecord } from "../../../core/machine.ts";
import { formatAddress, nth, parseAddress } from "../../../core/net.ts";
import { parseImageId } from "../image/record.ts";
import { placeOf, rangeOf } from "../network/record.ts";
import { UserError } from "../resource.ts";
import type { Disk, MachineIntent } from "./record.ts";

/** A machine to start. Sizes are MiB. */
export interface MachineSpec extends Omit<MachineArgs, "volumes" | "address"> {
  /** Fixed address; undefined: the first free one of the group's block. */
  readonly address: string | undefined;
  /** Files that exist and are bound into the machine as block devices; they outlive it. */
  readonly disks: readonly Disk[];
  /** Blank disks made with the machine, sparse, and gone with it. */
  readonly ownDisks: readonly { readonly device: string; readonly sizeMb: number }[];
}

/** First and last address that the lab hands out by itself, as places of the range; see `NetworkArgs.cidr`. */
const blocks = { node: [64, 191], other: [16, 31] } as const;

/** The machine's address: the fixed one if nobody has it, else the first free one of its block. */
export function chooseAddress(spec: MachineSpec, network: NetworkArgs, others: readonly MachineIntent[]): string {
  const holder = (address: string) => others.find((other) => other.name !== spec.name && other.address === address);
  if (spec.address !== undefined) {
    const other = holder(spec.address);
    if (other === undefined) return spec.address;
    throw new UserError(`The machine ${spec.name} cannot have the address ${spec.address}: ${other.name} has it.`);
  }
  const [first, last] = spec.group === "node" ? blocks.node : blocks.other;
  for (let place = first; place <= last; place++) {
    const address = formatAddress(nth(rangeOf(network), place));
    if (holder(address) === undefined) return address;
  }
  throw new UserError(
    `The lab ${spec.labId} has no address left for ${spec.name} (places ${first} to ${last} of ${network.cidr}).`,
  );
}

/** What is wrong with a fixed address, or undefined. */
export function addressMistake(address: string): string | undefined {
  return parseAddress(address) === undefined ? `must be an IPv4 address, not ${JSON.stringify(address)}` : undefined;
}

/** All credentials of a machine: those given, and what the lab tells it about itself and its network. */
export function credentialsOf(
  given: Readonly<Record<string, string>>,
  intent: MachineIntent,
  network: NetworkArgs,
): Readonly<Record<string, string>> {
  return {
    ...given,
    "logos.machine": `${JSON.stringify(machineRecord(intent, network))}\n`,
    "network.network.10-host0": networkFile(intent.address, network),
  };
}

function machineRecord(intent: MachineIntent, network: NetworkArgs): MachineRecord {
  const { name, group, instanceId, address, cpus, memoryMb, diskMb, imageId } = intent;
  const image = parseImageId(imageId);
  return {
    name,
    group,
    instanceId,
    address,
    cpus,
    memoryMb,
    diskMb,
    bastionAddress: placeOf(network, "bastion"),
    controlAddress: placeOf(network, "control"),
    operatorRanges: [`${placeOf(network, "gateway")}/32`],
    ...(image.kind === "image" ? { imageDigest: image.digest } : {}),
  };
}

function networkFile(address: string, network: NetworkArgs): string {
  return `[Match]
Name=host0

[Network]
Address=${address}/24
Gateway=${placeOf(network, "gateway")}
LinkLocalAddressing=no
IPv6AcceptRA=no
LLMNR=no
MulticastDNS=no
`;
}

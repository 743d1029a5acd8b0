import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { MachineRecord } from "../../core/machine.ts";
import { Credentials, type CredentialsArgs } from "../contract.ts";
import type { MetalParts } from "./parts.ts";

/** Credentials that are public, so that a disk may keep them; all others live in the machine's memory alone. */
const publicOnes: readonly string[] = ["logos.allowed-signers"];
/** The machine's own, as it was installed: its host key, and who may log in. */
const itsOwn: readonly string[] = ["logos.ssh-host-key", "logos.authorized-keys"];

/** There is no secret store among machines of one's own: each is handed its values over SSH and keeps them in memory. */
export class MetalCredentials extends Credentials {
  readonly values: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(name: string, args: CredentialsArgs<MetalParts>, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.values = Object.fromEntries(Object.entries(args.values).filter(([key]) => !itsOwn.includes(key)));
    this.registerOutputs({});
  }
}

/** What the machine is told about itself. Its size is not here: it is measured on the machine. */
export type OwnRecord = Omit<MachineRecord, "cpus" | "memoryMb" | "diskMb">;

/** What a machine is handed: the input of `host-credentials`, and a digest that changes with it. */
export interface HandOut {
  /** Secret. */
  readonly text: pulumi.Output<string>;
  readonly digest: pulumi.Output<string>;
}

export function handOut(record: OwnRecord, values: Readonly<Record<string, pulumi.Input<string>>>): HandOut {
  const text = pulumi.all(values).apply((known) => renderHandOut(record, known));
  const digest = text.apply((all) => createHash("sha256").update(all).digest("hex"));
  // Among the values are keys of 256 bits, which no digest gives away.
  return { text: pulumi.secret(text), digest: pulumi.unsecret(digest) };
}

/** One line a credential, sorted, so that equal values are equal text: place, name, value in base64. */
export function renderHandOut(record: OwnRecord, values: Readonly<Record<string, string>>): string {
  const { imageDigest, ...rest } = record;
  // Measured values are numbers in the record, and stand without quotes.
  const own = JSON.stringify({ ...rest, ...(imageDigest === undefined ? {} : { imageDigest }) }).replace(
    /\}$/,
    ',"cpus":@CPUS@,"memoryMb":@MEMORY_MB@,"diskMb":@DISK_MB@}\n',
  );
  const line = (name: string, value: string, place: "disk" | "memory") =>
    `${place} ${name} ${Buffer.from(value).toString("base64")}\n`;
  return [
    line("logos.machine", own, "disk"),
    ...Object.entries(values)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => line(name, value, publicOnes.includes(name) ? "disk" : "memory")),
  ].join("");
}

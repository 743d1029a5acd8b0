import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { sha256Pattern } from "../core/digest.ts";
import { type Fields, readJson } from "../core/json.ts";
import { groups } from "../core/lab/resources.ts";
import type { MachineRecord } from "../core/machine.ts";
import { parseCidr } from "../core/net.ts";
import { errorCode, Refusal } from "./failure.ts";

/** Reads the record that `prepare` admitted. Throws {@link Refusal} when there is none, `Malformed` when it is not one. */
export function readMachineRecord(path: string): MachineRecord {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Refusal(
      `${path}, what this machine is told about itself, cannot be read (${errorCode(error) ?? "unknown"}): did logos-prepare run?`,
    );
  }
  return parseMachineRecord(text, path);
}

/** Throws `Malformed` with every mistake at once. Names and addresses are held to patterns because they are written into rule files. */
export function parseMachineRecord(text: string, source: string): MachineRecord {
  return readJson(text, source, (fields) => ({
    name: fields.string("name", "a host name", /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
    group: fields.oneOf("group", groups),
    instanceId: fields.string("instanceId", "letters, digits and hyphens", /^[A-Za-z0-9-]+$/),
    address: address(fields, "address"),
    cpus: fields.integer("cpus", 1),
    memoryMb: fields.integer("memoryMb", 1),
    diskMb: fields.integer("diskMb", 1),
    bastionAddress: address(fields, "bastionAddress"),
    controlAddress: address(fields, "controlAddress"),
    operatorRanges: ranges(fields, "operatorRanges"),
    ...(fields.has("imageDigest") ? { imageDigest: fields.string("imageDigest", "64 hex digits", sha256Pattern) } : {}),
  }));
}

function address(fields: Fields, key: string): string {
  const value = fields.string(key, "an IPv4 address");
  if (value !== "" && !isIPv4(value)) fields.problem(key, `must be an IPv4 address, not "${value}"`);
  return value;
}

function ranges(fields: Fields, key: string): readonly string[] {
  const value = fields.strings(key);
  const wrong = value.filter((range) => parseCidr(range) === undefined);
  // An empty set is no rule that nftables takes.
  if (value.length === 0 || wrong.length > 0)
    fields.problem(key, `must be IPv4 ranges, at least one, not ${JSON.stringify(wrong.length > 0 ? wrong : value)}`);
  return value;
}

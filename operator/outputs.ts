import { exitCodes } from "../core/jobs/exit-codes.ts";
import { type Fields, Malformed, readJson } from "../core/json.ts";
import { Complaint } from "./complaint.ts";
import { askPulumi } from "./pulumi.ts";

/** A machine as people reach it: address and host key, `authorized_keys` form. */
export interface Endpoint {
  readonly address: string;
  readonly hostKey: string;
}

/** What the program exports, as `index.ts` names it. */
export interface StackOutputs {
  /** The one machine that is reached from outside, and its port. */
  readonly bastion: Endpoint & { readonly port: number };
  readonly control: Endpoint;
  readonly image: { readonly digest: string; readonly commit: string };
  readonly pool: { readonly min: number; readonly max: number; readonly standby: number };
  /** OpenSSH private key. */
  readonly operatorKey: string;
}

/** @throws Complaint when the stack has none of them, which is so before its first `up`. */
export function readOutputs(stack: string): StackOutputs {
  const text = askPulumi(["stack", "output", "--json", "--show-secrets", "--stack", stack]);
  if (text === undefined || text.trim() === "{}")
    throw new Complaint(
      `The outputs of stack "${stack}" cannot be read. Is it up? Run \`npm run up\`.`,
      exitCodes.unavailable,
    );
  try {
    return parseOutputs(text, stack);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Complaint(
      `Stack "${stack}" does not have the outputs of this program (${error.message}). Run \`npm run up\`.`,
    );
  }
}

export function parseOutputs(text: string, stack: string): StackOutputs {
  return readJson(text, `outputs of stack "${stack}"`, (fields) => {
    // The program has more to say, to other tools.
    fields.ignoreOthers();
    return readFields(fields);
  });
}

function readFields(fields: Fields): StackOutputs {
  return {
    bastion: fields.object("bastion", (bastion) => ({ ...readEndpoint(bastion), port: bastion.integer("port", 1) })),
    control: fields.object("control", readEndpoint),
    image: fields.object("image", (image) => ({ digest: image.string("digest"), commit: image.string("commit") })),
    pool: fields.object("pool", (pool) => ({
      min: pool.number("min", 1),
      max: pool.number("max", 1),
      standby: pool.number("standby", 0),
    })),
    operatorKey: fields.string("operatorKey"),
  };
}

function readEndpoint(fields: Fields): Endpoint {
  return { address: fields.string("address"), hostKey: fields.string("hostKey") };
}

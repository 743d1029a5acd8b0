import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import type { Properties } from "./serve.ts";
import { isRecord, unknown } from "./shape.ts";

/** Properties as they came, and the names of those that hold a secret anywhere. */
export interface Received {
  readonly properties: Properties;
  readonly secrets: ReadonlySet<string>;
}

// The engine's own signs: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownValues: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  unknownString,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Reads what the engine sent: secrets are unwrapped and remembered, its sign for "not known yet" becomes `unknown`. */
export function receive(struct: structProto.Struct | undefined): Received {
  const secrets = new Set<string>();
  const properties: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(struct?.toJavaScript() ?? {})) {
    properties[name] = unwrap(value, () => secrets.add(name));
  }
  return { properties, secrets };
}

/** Writes properties for the engine; those named in `secrets` are marked as secret whole. */
export function send(properties: Properties, secrets: ReadonlySet<string>): structProto.Struct {
  const wire: Record<string, structProto.JavaScriptValue> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    const plain = wrap(value, name);
    wire[name] = secrets.has(name) ? { [signature]: secretSignature, value: plain } : plain;
  }
  return structProto.Struct.fromJavaScript(wire);
}

function unwrap(value: unknown, sawSecret: () => void): unknown {
  if (unknownValues.has(value)) return unknown;
  if (Array.isArray(value)) return value.map((item) => unwrap(item, sawSecret));
  if (!isRecord(value)) return value;
  if (value[signature] === secretSignature) {
    sawSecret();
    return unwrap(value.value, sawSecret);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, unwrap(item, sawSecret)]));
}

function wrap(value: unknown, path: string): structProto.JavaScriptValue {
  if (value === unknown) return unknownString;
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map((item, index) => wrap(item, `${path}[${index}]`));
  if (!isRecord(value)) throw new TypeError(`${path} cannot be sent to the engine: ${typeof value}`);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([name, item]) => [name, wrap(item, `${path}.${name}`)]));
}

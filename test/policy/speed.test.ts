import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { beforeAll, describe, expect, it } from "vitest";
import { deserializeOnce } from "../../policies/deserialize-once.ts";

const require = createRequire(import.meta.url);
const sdk = require("@pulumi/policy/deserialize.js");

describe("a resource's properties", () => {
  const seen: unknown[] = [];
  beforeAll(() => deserializeOnce((given) => seen.push(given)));
  const properties = (value: { readonly [key: string]: string }) => structs.Struct.fromJavaScript(value);

  it("are read once for all policies, as the SDK reads them", () => {
    const given = properties({ a: "1" });
    const read = sdk.deserializeProperties(given, false);
    expect(read).toEqual({ a: "1" });
    expect(sdk.deserializeProperties(given, false)).toBe(read);
    expect(sdk.deserializeProperties(properties({ a: "1" }), false)).not.toBe(read);
    expect(sdk.deserializeProperties(given, true)).not.toBe(read);
    expect(seen).toEqual([{ a: "1" }, { a: "1" }]);
  });

  it("are read by the SDK's server through what was replaced", () => {
    const server = readFileSync(require.resolve("@pulumi/policy/server.js"), "utf8");
    expect(server.match(/\bdeserializeProperties\b/g)).toHaveLength(
      server.match(/\bdeserialize_1\.deserializeProperties\(/g)?.length ?? 0,
    );
  });
});

import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, expect, test } from "vitest";
import { hasUnknown, unknown } from "../../providers/lab/shape.ts";
import { receive, send } from "../../providers/lab/wire.ts";

const secret = (value: structProto.JavaScriptValue) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const notKnown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("what the engine sends and is sent", () => {
  test("secrets are unwrapped wherever they are, and their property is remembered", () => {
    const struct = structProto.Struct.fromJavaScript({
      open: [1],
      whole: secret("a"),
      inside: { list: [secret("b")] },
    });
    const { properties, secrets } = receive(struct);
    expect(properties).toEqual({ open: [1], whole: "a", inside: { list: ["b"] } });
    expect(secrets).toEqual(new Set(["whole", "inside"]));
  });

  test("properties named as secret are sent as secret, whole", () => {
    expect(send({ open: "x", key: { a: "y" } }, new Set(["key", "absent"])).toJavaScript()).toEqual({
      open: "x",
      key: secret({ a: "y" }),
    });
  });

  test("what is not known yet is found and sent back as such; what is absent is not sent", () => {
    const { properties } = receive(
      structProto.Struct.fromJavaScript({ a: notKnown, b: { c: [notKnown] }, d: "known" }),
    );
    expect([properties.a, hasUnknown(properties.b), hasUnknown(properties.d)]).toEqual([unknown, true, false]);
    expect(send({ a: unknown, b: undefined, c: { d: undefined } }, new Set()).toJavaScript()).toEqual({
      a: notKnown,
      c: {},
    });
  });

  test("what has no form on the wire is refused", () => {
    expect(() => send({ a: { b: () => 1 } }, new Set())).toThrow(/a\.b cannot be sent/);
  });
});

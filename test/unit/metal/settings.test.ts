import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { publicHalf } from "../../../core/config/metal.ts";
import { explainMistakes, parseConfig } from "../../../core/config/parse.ts";

const folder = mkdtempSync(join(tmpdir(), "logos-metal-"));
afterAll(() => rmSync(folder, { recursive: true }));
const makeKey = (name: string, ...more: readonly string[]) => {
  const path = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-C", "owner", "-f", path, ...more]);
  return { private: readFileSync(path, "utf8"), public: readFileSync(`${path}.pub`, "utf8").trim() };
};
const key = makeKey("key", "-N", "");

const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;
const host = (name: string, place: number) => ({ name, address: `10.83.0.${place}`, hostKey, cacheDisk: "/dev/sdb" });
const settings = {
  bastion: { address: "10.83.0.2", hostKey },
  control: { address: "10.83.0.3", hostKey },
  hosts: [host("rack-1", 64), host("rack-2", 65), host("rack-3", 66)],
  signers: "signers",
  operatorKey: key.private,
};

function mistakes(metal: object, more: Readonly<Record<string, string>> = {}) {
  const given = { target: "metal", access: '{"ranges":["198.51.100.0/24"]}', metal: JSON.stringify(metal), ...more };
  const parsed = parseConfig(given, "logos");
  return parsed.ok ? [] : parsed.mistakes;
}

describe("settings of metal", () => {
  it("are taken when they are whole", () => {
    const given = { target: "metal", access: '{"ranges":["198.51.100.0/24"]}', metal: JSON.stringify(settings) };
    const parsed = parseConfig(given, "logos");
    expect(parsed).toMatchObject({ ok: true, config: { place: { target: "metal", metal: { signers: "signers" } } } });
    if (parsed.ok && parsed.config.place.target === "metal")
      expect(parsed.config.place.metal.hosts[0]?.user).toBe("operator");
  });

  it.each([
    ["no hosts", { ...settings, hosts: [] }, "logos:metal.hosts", "3 to 6 hosts"],
    [
      "more than pool.max",
      { ...settings, hosts: Array.from({ length: 7 }, (_, n) => host(`h${n}`, 64 + n)) },
      "logos:metal.hosts",
      "3 to 6 hosts",
    ],
    [
      "one address twice",
      { ...settings, hosts: [host("a", 64), host("b", 64), host("c", 66)] },
      "logos:metal.hosts[1]",
      "has the address 10.83.0.64, as hosts[0] has",
    ],
    [
      "one name twice",
      { ...settings, hosts: [host("a", 64), host("a", 65), host("c", 66)] },
      "logos:metal.hosts[1]",
      "has the name a",
    ],
    [
      "a host called control",
      { ...settings, hosts: [host("control", 64), host("b", 65), host("c", 66)] },
      "logos:metal.hosts[0]",
      "has the name control",
    ],
    [
      "an address of elsewhere",
      { ...settings, control: { address: "192.168.1.3", hostKey } },
      "logos:metal.control.address",
      "10.83.0.0/24",
    ],
    ["no host key", { ...settings, bastion: { address: "10.83.0.2" } }, "logos:metal.bastion", "hostKey"],
    [
      "root",
      { ...settings, hosts: [{ ...host("a", 64), user: "root" }, host("b", 65), host("c", 66)] },
      "logos:metal.hosts",
      "",
    ],
    [
      "a field that nobody reads",
      { ...settings, hosts: [{ ...host("a", 64), disk: "x" }, host("b", 65), host("c", 66)] },
      "logos:metal.hosts",
      "",
    ],
    ["no signers", { ...settings, signers: undefined }, "logos:metal.signers", "allowed_signers"],
  ])("with %s are refused", (_what, metal, where, allowed) => {
    expect(mistakes(metal)).toEqual([
      expect.objectContaining({ key: where, allowed: expect.stringContaining(allowed) }),
    ]);
  });

  it("never show the key, whatever is wrong with it or with where it stands", () => {
    const broken = mistakes({ ...settings, operatorKey: "canary" });
    expect(explainMistakes("metal", broken)).toContain("logos:metal.operatorKey: an OpenSSH private key");
    expect(explainMistakes("metal", broken)).not.toContain("canary");
    const elsewhere = parseConfig({ metal: JSON.stringify({ ...settings, operatorKey: "canary" }) }, "logos");
    expect(elsewhere.ok).toBe(false);
    if (!elsewhere.ok) expect(explainMistakes("dev", elsewhere.mistakes)).not.toContain("canary");
  });

  it("need who may reach the bastion, and an address to reach it at", () => {
    expect(mistakes(settings, { access: "{}" }).map((one) => one.key)).toEqual(["logos:access.ranges"]);
    expect(
      mistakes(settings, { access: '{"by":"tunnel","ranges":["198.51.100.0/24"]}' }).map((one) => one.key),
    ).toEqual(["logos:access.by"]);
  });

  it("may have the operator profile, which no other target has", () => {
    expect(mistakes(settings, { profile: "operator" })).toEqual([]);
    const lab = parseConfig({ profile: "operator" }, "logos");
    expect(lab.ok).toBe(false);
  });
});

describe("the public half of a key", () => {
  it("is read from the private one", () => {
    expect(publicHalf(key.private)).toBe(key.public.split(" ").slice(0, 2).join(" "));
  });
  it("is none of a key with a passphrase, of a cut one, or of no key", () => {
    expect(publicHalf(makeKey("locked", "-N", "secret words").private)).toBeUndefined();
    expect(publicHalf(key.private.replace(/\n[^\n]+\n-----END/, "\n-----END").slice(0, 120))).toBeUndefined();
    expect(publicHalf("canary")).toBeUndefined();
  });
});

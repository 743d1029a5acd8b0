import { describe, expect, it } from "vitest";
import { bastionOnly } from "../../policies/rules/remote/bastion-only.ts";
import { stackViolations, unknown, violations } from "./harness.ts";

const hostKey = `ssh-ed25519 ${"A".repeat(68)} a comment`;
const hop = { host: "10.83.0.2", user: "operator", privateKey: "canary-2718", hostKey };
const connection = { ...hop, host: "10.83.0.3", proxy: hop };
const bastion = "logos:substrate:Bastion";
const types = ["command:remote:Command", "command:remote:CopyToRemote", "command:remote:CopyFile"];

function without(object: object, key: string): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

describe.each(types)("bastion-only on %s", (type) => {
  const check = (props: object, within: readonly string[] = []) => violations(bastionOnly, { type, props, within });

  it("lets a connection through that is pinned on both hops", async () => {
    expect(await check({ connection })).toEqual([]);
  });

  it("lets the bastion itself be reached directly, and nothing else", async () => {
    expect(await check({ connection: hop }, ["logos:substrate:Substrate", bastion])).toEqual([]);
    expect(await check({ connection: hop })).toEqual([expect.stringContaining("connects without the bastion")]);
  });

  it.each([
    [without(connection, "hostKey"), "host key of the machine"],
    [{ ...connection, hostKey: "" }, "host key of the machine"],
    [{ ...connection, hostKey: "ssh-rsa AAAA" }, "host key of the machine"],
    [{ ...connection, proxy: without(hop, "hostKey") }, "host key of the bastion"],
    [{ ...connection, user: "root" }, 'logs in to the machine as "root"'],
    [without(connection, "user"), 'logs in to the machine as "root"'],
    [{ ...connection, proxy: without(hop, "user") }, 'logs in to the bastion as "root"'],
    [{ ...connection, password: "x" }, "by the stack's own key"],
    [{ ...connection, agentSocketPath: "/run/agent" }, "by the stack's own key"],
    [without(connection, "privateKey"), "by the stack's own key"],
  ])("refuses %o", async (wrong, message) => {
    const found = await check({ connection: wrong });
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found.join()).not.toContain("canary-2718");
  });

  it("refuses a connection that is left out", async () => {
    expect((await check({})).length).toBeGreaterThan(0);
  });

  it("leaves a connection whose keys are still to be made to the update, where it is known", async () => {
    expect(await check({ connection: unknown })).toEqual([]);
    expect(await check({ connection: { ...connection, hostKey: unknown } })).toEqual([]);
  });
});

describe("code on the operator's host", () => {
  it.each(["command:local:Command", "pulumi-nodejs:dynamic:Resource"])("is refused as %s", async (type) => {
    expect(await violations(bastionOnly, { type, props: {} })).toHaveLength(1);
  });
});

describe("bastion-of-this-stack", () => {
  const theBastion = { type: bastion, name: "bastion", props: { address: "10.83.0.2", hostKey } };
  const command = { type: "command:remote:Command", name: "cmd", props: { connection } };

  it("lets connections through this stack's bastion pass, and the bastion's own", async () => {
    const own = { ...command, name: "own", within: [bastion], props: { connection: hop } };
    expect(await stackViolations(bastionOnly, [theBastion, command, own])).toEqual([]);
  });

  it("refuses another proxy, and judges every connection even where one is unknown", async () => {
    const foreign = { ...command, props: { connection: { ...connection, proxy: { ...hop, host: "192.0.2.1" } } } };
    const later = { ...command, name: "later", props: { connection: unknown } };
    expect(await stackViolations(bastionOnly, [theBastion, later, foreign])).toEqual([
      expect.stringContaining("cmd: connection.proxy.host: goes through a host that is not this stack's bastion"),
    ]);
    expect(await stackViolations(bastionOnly, [command])).toHaveLength(1);
  });

  it("refuses a second bastion", async () => {
    const second = { ...theBastion, name: "second" };
    expect(await stackViolations(bastionOnly, [theBastion, second])).toHaveLength(2);
  });
});

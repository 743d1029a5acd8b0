import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CloudStore } from "./store.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logos-engine-store-"));
  file = join(folder, "cloud.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A provider that makes networks with a subnet each, in one transaction, and writes a dot after each. */
const maker = `
import { CloudStore } from ${JSON.stringify(join(import.meta.dirname, "store.ts"))};
const store = new CloudStore(process.argv[1]);
const add = (type) => {
  const id = store.fresh(type + "-", 17);
  const key = store.add({ package: "p", type, id, name: id, logicalName: id, inputs: {}, outputs: {}, live: {}, knownAt: 0 });
  store.setHandles(key, type, [id]);
  return key;
};
for (;;) {
  store.transaction(() => {
    const network = add("network");
    store.setEdges(add("subnet"), [{ target: network, path: "network", holds: true }]);
  });
  process.stdout.write(".");
}`;

function start(): ChildProcess {
  return spawn(process.execPath, ["--input-type=module", "-e", maker, file], { stdio: ["ignore", "pipe", "inherit"] });
}

it("holds each operation whole or not at all when its providers are killed, and never gives an id twice", async () => {
  new CloudStore(file).close();
  for (let round = 0; round < 5; round += 1) {
    const providers = [start(), start()];
    for (const { stdout } of providers) if (stdout !== null) await once(stdout, "data");
    const ended = providers.map((provider) => once(provider, "exit"));
    for (const provider of providers) provider.kill("SIGKILL");
    await Promise.all(ended);
    const store = new CloudStore(file);
    const [networks, subnets] = [store.all("network"), store.all("subnet")];
    expect(networks.length).toBeGreaterThan(round);
    expect(subnets).toHaveLength(networks.length);
    for (const network of networks) expect(store.holders(network)).toHaveLength(1);
    expect(new Set(store.everything().map(({ id }) => id)).size).toBe(networks.length * 2);
    store.close();
  }
});

it("takes back all of an operation that fails", () => {
  const store = new CloudStore(file);
  const fail = () =>
    store.transaction(() => {
      store.fresh("id-", 4);
      store.add({
        package: "p",
        type: "t",
        id: "i",
        name: "n",
        logicalName: "n",
        inputs: {},
        outputs: {},
        live: {},
        knownAt: 0,
      });
      throw new Error("refused");
    });
  expect(fail).toThrow("refused");
  expect(store.everything()).toEqual([]);
  store.close();
});

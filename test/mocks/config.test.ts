import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { isUrl, readConfig } from "../../components/config.ts";
import { mockEngine } from "./engine.ts";

const repository = new URL("../../", import.meta.url).pathname;
const empty = mkdtempSync(join(tmpdir(), "logos-config-"));
const root = { platform: "linux", uid: 0 };

beforeEach(() => mockEngine({ outputs: {}, stack: "dev" }));
afterAll(() => rmSync(empty, { recursive: true }));

function refusal(folder: string, host: { platform: string; uid: number | undefined }): string {
  try {
    readConfig(folder, host);
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
  throw new Error("not refused");
}

describe("readConfig", () => {
  it("reads only this project's keys", () => {
    pulumi.runtime.setAllConfig({ "logos:pool": '{"min":4}', "other:pool": "nonsense" });
    const configured = { workload: JSON.stringify({ repository: "./core", pins: "package.json" }) };
    pulumi.runtime.setAllConfig({
      "logos:pool": '{"min":4}',
      "other:pool": "nonsense",
      "logos:workload": configured.workload,
    });
    expect(readConfig(repository, root)).toMatchObject({
      pool: { min: 4, max: 6, standby: 1 },
      workload: { repository: "./core" },
    });
  });

  it("ends the program with the message alone", () => {
    pulumi.runtime.setAllConfig({ "logos:pool": '{"max":7}' });
    expect(refusal(repository, root)).toContain("logos:pool.max: given is 7");
  });

  it("names a workload and pins that are not there", () => {
    const message = refusal(empty, root);
    expect(message).toContain('logos:workload.repository: given is "./workload", allowed is a folder that exists');
    expect(message).toContain(
      'logos:workload.pins: given is "images/pins/reference.json", allowed is a file that exists',
    );
  });

  it("does not look for a folder where a URL is given", () => {
    const workload = JSON.stringify({ repository: "https://example.org/proofs.git", pins: "package.json" });
    pulumi.runtime.setAllConfig({ "logos:workload": workload });
    expect(readConfig(repository, root).workload.repository).toBe("https://example.org/proofs.git");
  });

  it.each([
    [{ platform: "darwin", uid: 0 }, "a Linux host; this is darwin"],
    [{ platform: "linux", uid: 1000 }, "for root"],
    [{ platform: "linux", uid: undefined }, "for root"],
  ])("says why the lab cannot run on %o", (host, reason) => {
    expect(refusal(repository, host)).toContain(`logos:target: given is "lab", allowed is ${reason}`);
  });
});

describe("isUrl", () => {
  it.each(["https://example.org/x.git", "ssh://git@example.org/x", "git@example.org:x/y.git", "file:///srv/x.git"])(
    "takes %s for a URL",
    (text) => expect(isUrl(text)).toBe(true),
  );
  it.each(["./workload", "/srv/proofs", "proofs", "a b@c:d", "C:x"])("takes %s for a folder", (text) =>
    expect(isUrl(text)).toBe(false),
  );
});

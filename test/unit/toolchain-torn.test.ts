import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeTornAttributes } from "../../toolchain/pulumi/torn.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logos-torn-"));
  mkdirSync(join(folder, ".pulumi/stacks/logos"), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, ".pulumi", name);
  writeFileSync(path, text);
  return path;
}

it("removes attributes that a killed CLI left empty or cut short, and nothing else", () => {
  const torn = [
    file("stacks/logos/dev.json.attrs", ""),
    file("stacks/logos/dev.json.bak.attrs", '{"user.cache'),
    file("meta.yaml.attrs", ""),
  ];
  const whole = [
    file("stacks/logos/other.json.attrs", '{"user.cache_control":""}'),
    file("stacks/logos/dev.json", ""),
    file("stacks/logos/dev.json.bak", "{"),
    file("notes.attrs", ""),
  ];
  removeTornAttributes(`file://${folder}`);
  expect(torn.filter(existsSync)).toEqual([]);
  expect(whole.filter(existsSync)).toEqual(whole);
});

it("leaves backends alone that are no folder or were never used", () => {
  rmSync(join(folder, ".pulumi"), { recursive: true });
  for (const backend of [`file://${folder}`, "https://api.pulumi.com", "s3://bucket", ""])
    expect(() => removeTornAttributes(backend)).not.toThrow();
});

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placesFor } from "../../toolchain/places.ts";

/** The launcher as npx finds it, with a Pulumi home whose CLI writes down how it was called and ends with code 7. */
const root = join(import.meta.dirname, "../..");
const launcher = join(root, "node_modules/.bin/pulumi");
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "logos-launcher-"));
  const places = placesFor({ PULUMI_HOME: home });
  for (const directory of [places.cli, places.commandPlugin]) mkdirSync(directory, { recursive: true });
  writeProgram(
    join(places.cli, "pulumi"),
    '{ printf "%s\\n" "$@"; echo --; env; } > "$PULUMI_HOME/call"\necho out\nexit 7',
  );
  writeProgram(join(places.cli, "pulumi-language-nodejs"), "exit 1");
  writeProgram(join(places.commandPlugin, "pulumi-resource-command"), "exit 1");
});

afterEach(() => rmSync(home, { recursive: true }));

describe("npx pulumi", () => {
  it("passes arguments on as they are, and the CLI's output and exit code back", () => {
    const ended = launch(["stack", "output", "--json", "two words"]);
    expect(ended).toMatchObject({ status: 7, stdout: "out\n" });
    expect(call().args).toEqual(["stack", "output", "--json", "two words"]);
  });

  it("adds the guardrails to up when there are some", () => {
    launch(["up"]);
    const pack = join(root, "policies/run");
    expect(call().args).toEqual(existsSync(pack) ? ["up", "--policy-pack", pack] : ["up"]);
  });

  it("starts no update without its preview", () => {
    const ended = launch(["up", "--yes", "--skip-preview"]);
    expect(ended).toMatchObject({ status: 2, stdout: "" });
    expect(ended.stderr).toContain("Leave out --skip-preview");
    expect(existsSync(join(home, "call"))).toBe(false);
    expect(launch(["destroy", "--yes", "--skip-preview"]).status).toBe(7);
  });

  it("puts this repository's Node and CLI before any other", () => {
    launch(["up"]);
    const { cli } = placesFor({ PULUMI_HOME: home });
    expect(call().variables.get("PATH")?.split(delimiter).slice(0, 2)).toEqual([join(root, "node_modules/.bin"), cli]);
    expect(call().variables.get("PULUMI_SKIP_UPDATE_CHECK")).toBe("true");
  });

  it("makes a passphrase for its user alone, once", () => {
    launch(["up"]);
    const file = call().variables.get("PULUMI_CONFIG_PASSPHRASE_FILE");
    expect(file).toBe(join(home, "logos-passphrase"));
    if (file === undefined) return;
    const first = readFileSync(file, "utf8");
    expect(first.trim().length).toBeGreaterThanOrEqual(43);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    launch(["up"]);
    expect(readFileSync(file, "utf8")).toBe(first);
  });

  it.each(["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"])("leaves a user's own %s alone", (name) => {
    launch(["up"], { [name]: "" });
    expect(call().variables.get(name)).toBe("");
    expect(existsSync(join(home, "logos-passphrase"))).toBe(false);
  });

  it("does nothing as part of an npm installation, which may be the set-up's own", () => {
    expect(launch(["plugin", "install"], { npm_lifecycle_event: "install" }).status).toBe(0);
    expect(existsSync(join(home, "call"))).toBe(false);
  });

  it("says nothing of its own when everything is there", () => {
    const remark = /^set-up: the lab cannot run on this host.*\n/;
    expect(launch(["version"]).stderr.replace(remark, "")).toBe("");
  });
});

function writeProgram(path: string, text: string): void {
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

function launch(args: readonly string[], extra: Readonly<Record<string, string>> = {}) {
  const own = new Set(["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "npm_lifecycle_event"]);
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.has(name)));
  const env = { ...inherited, ...extra, PULUMI_HOME: home };
  // From elsewhere: the launcher finds the repository by itself.
  return spawnSync(launcher, args, { cwd: tmpdir(), env, encoding: "utf8" });
}

function call(): { args: string[]; variables: Map<string, string> } {
  const [args = "", variables = ""] = readFileSync(join(home, "call"), "utf8").split(/^--$/m);
  const pairs = variables
    .trim()
    .split("\n")
    .map((line): [string, string] => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    });
  return { args: args.trim().split("\n"), variables: new Map(pairs) };
}

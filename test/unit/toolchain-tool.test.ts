import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { compileGo } from "../../toolchain/go.ts";
import { SetupError } from "../../toolchain/report.ts";
import { ensureTool, type Tool } from "../../toolchain/tool.ts";

let folder: string;
let tool: Tool;
let compiled: number;

beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  folder = mkdtempSync(join(tmpdir(), "logos-tool-"));
  mkdirSync(join(folder, "source"));
  writeFileSync(join(folder, "source/main.go"), "package main\n");
  compiled = 0;
  tool = {
    name: "Tool 1",
    directory: join(folder, "place/tool-1"),
    programs: ["tool", "helper"],
    // Port 9 of this machine: refused at once.
    official: { url: "http://127.0.0.1:9/tool.tar.gz", checksumsUrl: "http://127.0.0.1:9/sums.txt", folder: "." },
    sources: [join(folder, "source")],
    compile: (into) => {
      compiled += 1;
      for (const name of tool.programs) writeFileSync(join(into, name), `build ${compiled}`, { mode: 0o755 });
    },
  };
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const ensure = () => ensureTool(tool, join(folder, "staging"));
const content = () => tool.programs.map((name) => readFileSync(join(tool.directory, name), "utf8"));

describe("a tool that cannot be downloaded", () => {
  it("is compiled once", async () => {
    await ensure();
    await ensure();
    expect(content()).toEqual(["build 1", "build 1"]);
    expect(compiled).toBe(1);
  });

  it("is compiled again when its source changes, but not for its tests", async () => {
    await ensure();
    writeFileSync(join(folder, "source/main_test.go"), "package main\n");
    await ensure();
    expect(compiled).toBe(1);
    writeFileSync(join(folder, "source/main.go"), "package main // changed\n");
    await ensure();
    expect(content()).toEqual(["build 2", "build 2"]);
  });

  it("is made whole when a program of it is lost or empty", async () => {
    await ensure();
    rmSync(join(tool.directory, "helper"));
    await ensure();
    writeFileSync(join(tool.directory, "tool"), "");
    await ensure();
    expect(content()).toEqual(["build 3", "build 3"]);
  });

  it("is left alone when somebody else placed it", async () => {
    mkdirSync(tool.directory, { recursive: true });
    for (const name of tool.programs) writeFileSync(join(tool.directory, name), "official", { mode: 0o755 });
    await ensure();
    expect(content()).toEqual(["official", "official"]);
    expect(compiled).toBe(0);
  });

  it("is not taken from a folder that the CLI has not finished", async () => {
    mkdirSync(tool.directory, { recursive: true });
    for (const name of tool.programs) writeFileSync(join(tool.directory, name), "half", { mode: 0o755 });
    writeFileSync(`${tool.directory}.partial`, "");
    await ensure();
    expect(content()).toEqual(["build 1", "build 1"]);
    expect(existsSync(`${tool.directory}.partial`)).toBe(false);
  });

  it("is absent, not half there, when the set-up is killed while it compiles; the next set-up finishes", async () => {
    const module = join(import.meta.dirname, "../../toolchain/tool.ts");
    const program = `
      import { ensureTool } from ${JSON.stringify(module)};
      import { writeFileSync } from "node:fs";
      const tool = ${JSON.stringify(tool)};
      await ensureTool({ ...tool, compile: (into) => {
        writeFileSync(into + "/tool", "half", { mode: 0o755 });
        process.kill(process.pid, "SIGKILL");
      } }, ${JSON.stringify(join(folder, "staging"))});`;
    const killed = spawnSync(process.execPath, ["--input-type=module", "--eval", program]);
    expect(killed.signal).toBe("SIGKILL");
    expect(existsSync(tool.directory)).toBe(false);
    await ensure();
    expect(content()).toEqual(["build 1", "build 1"]);
    expect(readdirSync(tool.directory).sort()).toEqual(["helper", "logos-toolchain.json", "tool"]);
  });

  it("says in one error that no Go is new enough", () => {
    writeFileSync(join(folder, "source/go.mod"), "module tool\n\ngo 1.999\n");
    vi.stubEnv("GOTOOLCHAIN", "local");
    const compile = () => compileGo({ module: join(folder, "source"), package: ".", output: join(folder, "tool") });
    expect(compile).toThrow(SetupError);
    expect(compile).toThrow(/^Go 1\.999 or newer is needed/);
    vi.unstubAllEnvs();
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./report.ts";
import { run } from "./run.ts";

/** A program to compile from a Go module of this repository. */
export interface GoProgram {
  /** Folder of the module: its `go.mod` pins every dependency, its `go.sum` their contents. */
  readonly module: string;
  /** Import path of the program, or "." for the module's own. */
  readonly package: string;
  /** Variables to set in the program, as the linker's `-X` takes them. */
  readonly variables?: Readonly<Record<string, string>>;
  /** File to write. */
  readonly output: string;
}

/** Compiles a program, static and the same on every machine. Throws `SetupError` without a Go that is new enough. */
export function compileGo(program: GoProgram): void {
  const go = findGo(program.module);
  const variables = Object.entries(program.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  const ldflags = ["-s", "-w", ...variables].join(" ");
  const result = run(
    go,
    [
      "build",
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      "-ldflags",
      ldflags,
      "-o",
      program.output,
      program.package,
    ],
    { cwd: program.module, env: environment() },
  );
  if (!result.ok)
    throw new SetupError(`Go cannot compile ${program.package} in ${program.module}:\n${result.complaint}`);
}

/** The user's flags and workspace are about other code; without cgo no C compiler is needed. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" };
}

/** Finds a Go for a module: on PATH, else where Go's own installer puts it, which root's PATH often lacks. */
function findGo(module: string): string {
  const minimum = /^go (\S+)$/m.exec(readFileSync(join(module, "go.mod"), "utf8"))?.[1];
  if (minimum === undefined) throw new SetupError(`${join(module, "go.mod")} has no "go" line`);
  const complaints: string[] = [];
  for (const go of ["go", "/usr/local/go/bin/go"]) {
    // It reads go.mod, and with it the version that is asked for; a Go that can fetch a newer
    // toolchain by itself does so here.
    const accepted = run(go, ["list", "-m"], { cwd: module, env: environment() });
    if (accepted.ok) return go;
    complaints.push(`${go}: ${accepted.complaint}`);
  }
  throw new SetupError(
    `Go ${minimum} or newer is needed to compile what could not be downloaded.\n${complaints.join("\n")}\n` +
      "Install it from https://go.dev/dl, or give this machine access to get.pulumi.com and github.com, and run the same command again.",
  );
}

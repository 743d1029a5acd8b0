import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { versions } from "../../toolchain/versions.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface PackageFile {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest: PackageFile = JSON.parse(read("package.json"));
const lock: {
  packages: Readonly<Record<string, { version?: string; resolved?: string; integrity?: string; link?: boolean }>>;
} = JSON.parse(read("package-lock.json"));

describe("versions of the toolchain", () => {
  it("takes exactly the command SDK whose plugin it places", () => {
    expect(manifest.dependencies?.["@pulumi/command"]).toBe("1.2.1");
    expect(lock.packages["node_modules/@pulumi/command"]?.version).toBe("1.2.1");
    expect(versions.commandPlugin).toBe("1.2.1");
  });

  it("pins every npm dependency exactly", () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const wanted = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(wanted.length).toBeGreaterThan(5);
    expect(wanted.filter(([, version]) => !/^(\d+\.\d+\.\d+|file:.+)$/.test(version))).toEqual([]);
  });

  it("locks the content of every npm package, and no place to get it from", () => {
    const downloaded = Object.entries(lock.packages).filter(
      ([path, entry]) => /node_modules\//.test(path) && !entry.link,
    );
    expect(downloaded.filter(([, entry]) => !entry.integrity?.startsWith("sha512-"))).toEqual([]);
    expect(downloaded.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
  });

  it("has one version of the CLI: to download, to compile and in its npm package", () => {
    expect(read("toolchain/modules/pulumi/go.mod")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${versions.pulumi}\n`);
    expect(lock.packages["toolchain/pulumi"]?.version).toBe(versions.pulumi);
    expect(JSON.parse(read("toolchain/pulumi/package.json"))).toMatchObject({
      name: "pulumi",
      version: versions.pulumi,
    });
  });

  it("compiles the language host that it names", () => {
    const module = read("toolchain/modules/pulumi-language-nodejs/go.mod");
    expect(module).toContain(`github.com/pulumi/pulumi/sdk/v3 v${versions.languageHostFallback}\n`);
  });
});

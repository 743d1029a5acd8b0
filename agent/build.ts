import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { sha256Hex } from "../core/digest.ts";

/**
 * Bundles the agent into one file that needs nothing but Node 20, which is what Debian 13 ships. The same sources give the
 * same bytes on every machine and in every folder. Returns the sha256 of the file.
 */
export async function buildAgent(outFile: string): Promise<{ readonly sha256: string }> {
  const result = await build({
    // Paths in the output are relative to this folder: where the repository lies must not show.
    absWorkingDir: join(import.meta.dirname, ".."),
    entryPoints: ["agent/main.ts"],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    charset: "utf8",
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error("esbuild gave no output for agent/main.ts");
  const temporary = `${outFile}.${process.pid}.tmp`;
  await mkdir(dirname(outFile), { recursive: true });
  await writeFile(temporary, file.contents);
  await rename(temporary, outFile);
  return { sha256: sha256Hex(file.contents) };
}

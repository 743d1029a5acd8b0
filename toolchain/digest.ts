import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * SHA-256, in hex, over the names and contents of the files of Go modules that decide what is made of them: sources without
 * their tests, scripts, `go.mod` and `go.sum`. Equal on every machine and in every checkout.
 */
export function digestOf(modules: readonly string[]): string {
  const hash = createHash("sha256");
  for (const module of modules) {
    const names = readdirSync(module, { recursive: true, encoding: "utf8" }).filter(isCompiled).sort();
    for (const name of names) {
      const content = readFileSync(join(module, name));
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

function isCompiled(name: string): boolean {
  return /(^|\/)go\.(mod|sum)$|\.(go|sh)$/.test(name) && !name.endsWith("_test.go");
}

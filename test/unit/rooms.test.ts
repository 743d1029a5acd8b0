import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** What each room may import beside itself. `core` is for all and knows none. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  images: ["core"],
  components: ["core", "images"],
  agent: ["core"],
  operator: ["core"],
  policies: ["core"],
  providers: ["core"],
  toolchain: [],
  // It shows the program as it is.
  inventory: ["core", "index.ts"],
};

describe.each(Object.entries(mayImport))("the room %s", (room, allowed) => {
  it("imports only what lies on its side", () => {
    const strays = globSync(`${room}/**/*.ts`, { cwd: root }).flatMap((file) =>
      importsOf(file)
        .filter((target) => ![room, ...allowed].includes(target.split("/")[0] ?? ""))
        .map((target) => `${file} imports ${target}`),
    );
    expect(strays).toEqual([]);
  });

  it("says in its README what lives there", () => {
    expect(existsSync(join(root, room, "README.md")) || existsSync(join(root, room, "lab/README.md"))).toBe(true);
  });
});

/** Paths, from the root, of the files of this repository that a file imports, whether at its start or later. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"(?<path>\.[^"]*)"/g)].map((match) =>
    normalize(join(dirname(file), match.groups?.path ?? "")),
  );
}

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesDigest, filesFolder, listFiles, modeOf } from "../../../images/files.ts";
import { type Recipe, recipeDigest } from "../../../images/recipe.ts";
import { coqPackageVersion, packages, renderSources, sources } from "../../../images/versions.ts";

const trees = ["common", "stock", "metal", "node", "bastion", "control"];
const installer = join(filesFolder, "common/usr/lib/logos/install-files");

describe("installed files", () => {
  it("get the same permission bits here and on the machine", () => {
    const rule = /^mode_of\(\) \{[\s\S]*?^\}/m.exec(readFileSync(installer, "utf8"))?.[0];
    const paths = [
      ...trees.flatMap((tree) => listFiles(tree).map(({ path }) => path)),
      "/etc/sudoers.d/x",
      "/usr/bin/x/y",
    ];
    const script = `${rule}\nfor path; do mode_of "$path"; done`;
    const modes = execFileSync("sh", ["-c", script, "sh", ...paths], { encoding: "utf8" })
      .trim()
      .split("\n");
    expect(modes).toEqual(paths.map((path) => modeOf(path).toString(8).padStart(4, "0")));
  });

  it("that are programs are sound shell", () => {
    for (const tree of trees)
      for (const { path, mode } of listFiles(tree)) {
        const file = join(filesFolder, tree, path);
        const isShell = readFileSync(file, "utf8").startsWith("#!/bin/sh\n");
        if (mode === 0o755) expect(isShell, path).toBe(true);
        if (isShell) expect(spawnSync("sh", ["-n", file], { encoding: "utf8" }).stderr, path).toBe("");
      }
    expect(spawnSync("sh", ["-n", join(filesFolder, "../base/customize.sh")], { encoding: "utf8" }).stderr).toBe("");
  });

  it("have one digest, which the order of trees is part of", () => {
    expect(filesDigest(["common", "node"])).toMatch(/^[0-9a-f]{64}$/);
    expect(filesDigest(["common", "node"])).toBe(filesDigest(["common", "node"]));
    expect(filesDigest(["common", "node"])).not.toBe(filesDigest(["node", "common"]));
    expect(filesDigest(["common"])).not.toBe(filesDigest(["common", "node"]));
  });

  it("are refused when the tree is not there", () => {
    expect(() => listFiles("nothing")).toThrow(/ENOENT/);
  });
});

describe("the recipe", () => {
  const recipe: Recipe = {
    baseDigest: "1",
    filesDigest: "2",
    agentSha256: "3",
    workload: { repository: "r", commit: "c" },
    pinsSha256: "4",
    steps: ["a", "b"],
  };
  const changes: readonly Recipe[] = [
    { ...recipe, baseDigest: "x" },
    { ...recipe, filesDigest: "x" },
    { ...recipe, agentSha256: "x" },
    { ...recipe, workload: { ...recipe.workload, repository: "x" } },
    { ...recipe, workload: { ...recipe.workload, commit: "x" } },
    { ...recipe, pinsSha256: "x" },
    { ...recipe, steps: ["b", "a"] },
    { ...recipe, steps: ["ab"] },
  ];
  it("gives one name, and another for every change", () => {
    const names = [recipe, ...changes].map(recipeDigest);
    expect(new Set(names).size).toBe(names.length);
    expect(recipeDigest({ ...recipe })).toBe(names[0]);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("versions", () => {
  it("name what is built by full commits and exact versions", () => {
    const { "ubuntu-24.04": ubuntu } = sources;
    expect(ubuntu["slurm-commit"]).toMatch(/^[0-9a-f]{40}$/);
    expect(ubuntu["opam-repository"]).toMatch(/#[0-9a-f]{40}$/);
    for (const name of ubuntu["opam-packages"].split(" ")) expect(name).toMatch(/^[a-z-]+\.\d+(\.\d+)+$/);
    expect(renderSources().trim().split("\n")).toHaveLength(4);
  });

  it("pin the proof kernel and its library to one exact version", () => {
    for (const name of ["coq", "libcoq-core-ocaml", "libcoq-stdlib"])
      expect(packages).toContain(`${name}=${coqPackageVersion}`);
  });
});

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { filesFolder } from "../../../images/files.ts";
import { renderSources } from "../../../images/versions.ts";
import { canHaveOwnRoot, inOwnRoot } from "../../support/own-root.ts";

const program = join(filesFolder, "stock/usr/lib/logos/build-stock");

/** A machine that has its Slurm, and whose opam only writes down what it was asked for and makes the programs it was told to. */
const prepare = `mkdir -p /etc/logos /usr/share/logos
cat >/etc/logos/sources
sed -n 's/^ubuntu-24.04 slurm-commit //p' /etc/logos/sources >/usr/share/logos/slurm-commit
cat >/usr/bin/opam <<'END'
#!/bin/sh
echo "$@" >>/run/asked
[ "$1" != install ] || { mkdir -p /opt/opam/logos/bin; touch /opt/opam/logos/bin/coqc; }
END
chmod 755 /usr/bin/opam
`;

function build(sources: string, runs = 1) {
  const result = inOwnRoot(
    `${prepare}${'sh "$1" ubuntu-24.04 node; '.repeat(runs)}cat /run/asked; readlink /usr/bin/coqc`,
    [program],
    sources,
  );
  return { ...result, asked: result.stdout.trim().split("\n") };
}

describe.skipIf(!canHaveOwnRoot)("build-stock, with a simulated opam (needs root)", () => {
  it("trap: opam on Ubuntu 24.04: its sandbox is refused there, and is left out", () => {
    const { asked, stderr } = build(renderSources());
    expect(stderr).toBe("");
    expect(asked[0]).toMatch(/^init .*--disable-sandboxing/);
  });

  it("trap: a floating opam repository: all comes from one commit, by exact versions", () => {
    const { asked } = build(renderSources());
    expect(asked[0]).toMatch(/ default git\+https:\/\/\S+#[0-9a-f]{40}$/);
    const [, , ...installed] = asked[2]?.split(" ") ?? [];
    expect(asked[2]).toMatch(/^install /);
    expect(installed.length).toBeGreaterThan(0);
    for (const name of installed) expect(name).toMatch(/^[a-z-]+\.\d+(\.\d+)+$/);
  });

  it("builds once, and puts Coq on everybody's path", () => {
    const { asked } = build(renderSources(), 2);
    expect(asked.map((line) => line.split(" ")[0])).toEqual([
      "init",
      "switch",
      "install",
      "clean",
      "/opt/opam/logos/bin/coqc",
    ]);
  });

  it("refuses a list of sources that does not name what it builds", () => {
    const { status, stderr } = build(renderSources().replace(/^.*opam-repository.*$/m, ""));
    expect(status).not.toBe(0);
    expect(stderr).toContain("does not name opam-repository");
  });
});

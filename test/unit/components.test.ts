import { globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labIdOf } from "../../components/lab/lab-id.ts";
import { shellQuote } from "../../components/remote/shell.ts";
import { labIdPattern } from "../../core/lab/names.ts";

const root = new URL("../../", import.meta.url).pathname;

describe("labIdOf", () => {
  it("takes a plain name as it is", () => {
    expect(labIdOf("logos", "dev")).toBe("logos-dev");
  });

  it("makes a valid name of any stack's, and another one for another stack", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/),
        fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/),
        (one, two) => {
          expect(labIdOf("logos", one)).toMatch(labIdPattern);
          expect(labIdOf("logos", one) === labIdOf("logos", two)).toBe(one === two);
        },
      ),
    );
  });
});

describe("shellQuote", () => {
  it.each([
    ["--digest", "--digest"],
    ["a b", "'a b'"],
    ["it's", "'it'\\''s'"],
    ["$(id)", "'$(id)'"],
    ["", "''"],
  ])("writes %o as %s", (word, quoted) => expect(shellQuote(word)).toBe(quoted));
});

describe("the command plugin", () => {
  it("is used by components/remote alone", () => {
    const users = globSync("{components,core,agent,operator,images,policies,providers}/**/*.ts", { cwd: root }).filter(
      (file) => readFileSync(`${root}${file}`, "utf8").includes("@pulumi/command"),
    );
    expect([
      ...users,
      ...(readFileSync(`${root}index.ts`, "utf8").includes("@pulumi/command") ? ["index.ts"] : []),
    ]).toEqual(["components/remote/host.ts"]);
  });
});

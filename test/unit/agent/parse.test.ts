import { describe, expect, it } from "vitest";
import { compareAxioms, parseAssumptions } from "../../../agent/gate/assumptions.ts";
import { causeOf } from "../../../agent/gate/cause.ts";
import { bindingOptions, parseCoqProject } from "../../../agent/gate/coq-project.ts";

describe("Print Assumptions", () => {
  it("is read when it is one of the two known forms", () => {
    expect(parseAssumptions("Closed under the global context\n")).toEqual([]);
    expect(parseAssumptions("Axioms:\nZ.b : nat\nClassical_Prop.classic : forall P : Prop, P \\/ ~ P\n")).toEqual([
      "Classical_Prop.classic",
      "Z.b",
    ]);
  });

  it("may put a long type below the name", () => {
    expect(parseAssumptions("Axioms:\nA.long_name\n  : forall P : Prop,\n    P\n")).toEqual(["A.long_name"]);
  });

  it.each([
    ["", 'unexpected text ""'],
    ["Axioms:\n", "Axioms:"],
    ["Axioms:\nTwo.f is assumed to be guarded.\n", "assumed to be guarded"],
    ["Axioms:\nA.x : nat\nA.y relies on an unsafe hierarchy.\n", "unsafe hierarchy"],
    ["Axioms:\nA.x : nat\nTheory:\n  Set is impredicative\n", "Theory:"],
    ["Section Variables:\nA : Prop\n", "Section Variables:"],
    ["Closed under the global context\nAxioms:\nA.x : nat\n", "unexpected text"],
    ["Axioms:\n  : nat\n", "unexpected text"],
  ])("refuses %j", (text, message) => {
    expect(() => parseAssumptions(text)).toThrow(message);
  });

  it("is compared both ways", () => {
    expect(compareAxioms("L.t", ["a"], ["a"])).toBe("");
    expect(compareAxioms("L.t", [], ["a"])).toBe("L.t rests on a, which is not pinned");
    expect(compareAxioms("L.t", ["a"], [])).toBe("L.t no longer rests on a, which is pinned");
  });
});

describe("_CoqProject", () => {
  it("gives every module its logical name", () => {
    const project = parseCoqProject(
      '-Q src Logos # here\n-R "vendor/x" Vendor\n-arg -w\nsrc/One.v src/Sub/Two.v\n./vendor/x/T.v\n',
    );
    expect(project.modules).toEqual(["Logos.One", "Logos.Sub.Two", "Vendor.T"]);
    expect(bindingOptions(project)).toEqual(["-Q", "src", "Logos", "-R", "vendor/x", "Vendor"]);
  });

  it("takes the deepest folder, and the root when it is bound", () => {
    expect(parseCoqProject("-Q . Root\n-Q src/sub Deep\nsrc/sub/A.v\nsrc/B.v\n").modules).toEqual([
      "Deep.A",
      "Root.src.B",
    ]);
  });

  it.each([
    ["-Q src\n", "must be followed by"],
    ["-I plugin\nsrc/A.v\n", '"-I" is not understood'],
    ["-Q src L\nplugin.mlg\n", '"plugin.mlg" is not understood'],
    ["-Q src L\nother/A.v\n", "no -Q or -R names the folder of other/A.v"],
    ["-Q src L\nsrc/a-b.v\n", "does not give a Coq module name"],
    ["-Q src L\n", "lists no .v file"],
  ])("refuses %j", (text, message) => {
    expect(() => parseCoqProject(text)).toThrow(message);
  });
});

describe("the cause of a failed rebuild", () => {
  it("is Coq's first error, with its place", () => {
    const output =
      'COQC a.v\nFile "./src/K.v", line 27, characters 0-8:\nError: No such goal.\n\nmake: *** Error\nERROR: make failed\n';
    expect(causeOf(output)).toBe("src/K.v line 27: No such goal.");
  });
  it("is what the script marks, when Coq is content", () => {
    expect(causeOf("COQC a.v\nERROR: Residual stubs: 1\nOverall status: FAIL\n")).toBe("Residual stubs: 1");
  });
  it("is nothing when nothing is said", () => {
    expect(causeOf("Overall status: FAIL\n")).toBe("");
  });
});

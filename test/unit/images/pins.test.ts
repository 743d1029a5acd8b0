import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bootScript, readAgentHash } from "../../../agent/gate/check-agent-hash.ts";
import { hashFile } from "../../../agent/io/files.ts";
import { parsePins } from "../../../core/pins.ts";

const repository = join(import.meta.dirname, "../../..");
const workload = join(repository, "workload");
const path = join(repository, "images/pins/reference.json");
const pins = parsePins(readFileSync(path, "utf8"), path);

describe("the pins of the reference proofs", () => {
  it("are those of workload/ as it is: after a change there, review and renew them with logos-agent gate --propose", () => {
    const found = new Map([...pins.guardedFiles.keys()].map((file) => [file, hashFile(join(workload, file)).sha256]));
    expect(found).toEqual(pins.guardedFiles);
    expect(readAgentHash(workload)).toBe(pins.agentHash);
  });

  it("guard the gate, the boot script and the list of what is built", () => {
    expect([...pins.guardedFiles.keys()]).toEqual(
      expect.arrayContaining(["_CoqProject", "test_lem_discharge.py", bootScript]),
    );
  });

  it("tell constructive theorems from those that need the excluded middle", () => {
    const sets = new Set([...pins.theorems.values()].map((axioms) => axioms.join()));
    expect(sets).toEqual(new Set(["", "Classical_Prop.classic"]));
  });
});

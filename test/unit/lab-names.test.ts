import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bridgeName,
  labIdPattern,
  machineCgroup,
  machineId,
  machineNamePattern,
  portName,
  portPrefix,
  tableName,
} from "../../core/lab/names.ts";
import { labRoot, machinePaths } from "../../core/lab/paths.ts";

const labIds = fc.stringMatching(labIdPattern);
const names = fc.stringMatching(machineNamePattern);

describe("names on the host", () => {
  test("fit into the kernel's 15 characters and begin with the lab's prefix", () => {
    fc.assert(
      fc.property(labIds, names, (labId, name) => {
        expect(bridgeName(labId).length).toBeLessThanOrEqual(15);
        expect(portName(labId, name)).toHaveLength(15);
        expect(portName(labId, name).startsWith(portPrefix(labId))).toBe(true);
        expect(machineId(labId, name)).toMatch(/^[0-9a-z]{12}$/);
        expect(tableName(labId)).toMatch(/^logos_[0-9a-f]{8}$/);
      }),
    );
  });

  // A stack finds what an earlier version of the program made by these names alone.
  test("never change", () => {
    expect([
      bridgeName("dev"),
      tableName("dev"),
      machineId("dev", "bastion"),
      portPrefix("dev"),
    ]).toMatchInlineSnapshot(`
      [
        "lg-ef260e9a",
        "logos_ef260e9a",
        "f5i07jjidq0v",
        "vb-f5i07",
      ]
    `);
  });

  test("of two labs and of two machines differ", () => {
    expect(portPrefix("dev")).not.toBe(portPrefix("dev2"));
    expect(machineId("dev", "n-1")).not.toBe(machineId("dev", "n-2"));
    expect(machineCgroup("dev", "n-1")).toBe("logos-lab/dev/n-1");
  });

  test("credentials lie below the folder that is a tmpfs, and nothing else does", () => {
    const paths = machinePaths("/r", "dev", "bastion");
    expect(paths.credentials).toBe("/r/labs/dev/secrets/machines/bastion");
    const { credentials: _, ...others } = paths;
    expect(Object.values(others).filter((path) => path.includes("/secrets"))).toEqual([]);
  });

  test("the state root is the environment's, without a slash at its end, else the default", () => {
    expect(labRoot({ LOGOS_LAB_ROOT: "/tmp/x//" })).toBe("/tmp/x");
    expect([labRoot({}), labRoot({ LOGOS_LAB_ROOT: "" })]).toEqual(["/var/lib/logos-lab", "/var/lib/logos-lab"]);
  });
});

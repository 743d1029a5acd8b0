import { describe, expect, it } from "vitest";
import { Complaint } from "../../operator/complaint.ts";
import { downCommand, parseDown } from "../../operator/down-plan.ts";

describe("npm run down", () => {
  it.each([
    [[], { stack: "dev", data: false }],
    [["pilot"], { stack: "pilot", data: false }],
    [["pilot", "--data", "--yes"], { stack: "pilot", data: true }],
    [["--data", "--yes"], { stack: "dev", data: true }],
  ])("reads %j", (args, request) => {
    expect(parseDown(args)).toEqual(request);
  });

  it("removes kept data only when it is said twice, and says what that would be", () => {
    expect(() => parseDown(["pilot", "--data"])).toThrow(Complaint);
    expect(() => parseDown(["pilot", "--data"])).toThrow(
      /stores and the keys of "pilot".*Nothing was done.*-- pilot --data --yes/,
    );
    expect(() => parseDown(["pilot", "--yes"])).toThrow(/--yes is for --data alone/);
  });

  it.each([["--force"], ["a", "b"], ["--data=no"], ["-y"]])("does nothing for %j", (...args) => {
    expect(() => parseDown(args)).toThrow(Complaint);
  });

  it("passes protection over only with --data, and never takes it off", () => {
    expect(downCommand({ stack: "pilot", data: false })).toEqual(["destroy", "--yes", "--stack", "pilot"]);
    expect(downCommand({ stack: "pilot", data: true })).toEqual([
      "destroy",
      "--yes",
      "--stack",
      "pilot",
      "--ignore-protect",
    ]);
  });
});

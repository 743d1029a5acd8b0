import { describe, expect, it } from "vitest";
import { shortfall, sizeOf } from "../../../core/guard/sizes.ts";

describe("machine types", () => {
  it.each([
    ["c7i.2xlarge", 8, 16_384],
    ["C7I.2xlarge", 8, 16_384],
    ["c7a.2xlarge", 8, 16_384],
    ["c7i-flex.2xlarge", 8, 16_384],
    ["c8g.2xlarge", 8, 16_384],
    ["m7i.2xlarge", 8, 32_768],
    ["c3-highcpu-8", 8, 16_384],
    ["https://www.googleapis.com/compute/v1/projects/p/zones/z/machineTypes/n4-highcpu-8", 8, 16_384],
    ["e2-standard-8", 8, 32_768],
    ["custom-8-16384", 8, 16_384],
    ["n2-custom-8-16384", 8, 16_384],
    ["n2d-custom-16-65536-ext", 16, 65_536],
    ["Standard_D8ls_v5", 8, 16_384],
    ["standard_d8s_v5", 8, 32_768],
  ])("%s have the size of a node", (type, vcpus, memoryMib) => {
    const size = sizeOf(type);
    expect(size).toEqual({ vcpus, memoryMib, burstable: false });
    expect(size && shortfall(size)).toBeUndefined();
  });

  it.each([
    ["c7i.xlarge", "4 vCPU of 8, 8 GB of memory of 16"],
    ["n2-highcpu-8", "8 GB of memory of 16"],
    ["e2-highcpu-8", "8 GB of memory of 16"],
    ["t3.2xlarge", "a CPU that is its own: it is burstable"],
    ["t4g.2xlarge", "a CPU that is its own: it is burstable"],
    ["custom-7-16384", "7 vCPU of 8"],
    ["n2-custom-8-16383", "15.9990234375 GB of memory of 16"],
  ])("%s lack %s", (type, lack) => {
    const size = sizeOf(type);
    expect(size && shortfall(size)).toBe(lack);
  });

  it.each([
    "",
    "c7i.4xlarge",
    "x9.huge",
    "e2-custom-small-4096",
    "custom-8",
    "custom-8-16384-more",
    "n2-custom-8-16384x",
    "8-custom-8-16384",
  ])("%o are not known", (type) => {
    expect(sizeOf(type)).toBeUndefined();
  });
});

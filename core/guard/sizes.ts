import { nodeFloor } from "../guardrails.ts";

/** What machine types give, so that "8 vCPU and 16 GB" can be held against a name. No I/O. */

export interface Size {
  readonly vcpus: number;
  /** Nominal memory in MiB; a running machine shows some hundred MiB less. */
  readonly memoryMib: number;
  /** The CPU is a share that runs out under steady work, as proofs are. */
  readonly burstable: boolean;
}

/** A node's least size. */
const leastSize = { vcpus: nodeFloor.cpus, memoryMib: nodeFloor.memoryGib * 1024 } as const;

/**
 * Reviewed on 2026-11-25. AWS: DescribeInstanceTypes as of 2026-08 (1,395 types); GCP: price page and machine families of
 * 2026; Azure: VM sizes of the compute documentation of 2026. A type that is not here is refused: look it up at the
 * vendor, then add it.
 */
const types: readonly (readonly [names: readonly string[], vcpus: number, gib: number, burstable?: "burstable"])[] = [
  [["c7i.xlarge"], 4, 8],
  [
    [
      ...["c6a", "c6i", "c7a", "c7i", "c7i-flex", "c8a", "c8i", "c8i-flex"].map((family) => `${family}.2xlarge`),
      ...["c6g", "c7g", "c8g", "c9g"].map((family) => `${family}.2xlarge`),
    ],
    8,
    16,
  ],
  [["m7i", "m7a", "m8i", "m7g", "m8g"].map((family) => `${family}.2xlarge`), 8, 32],
  [["t3.2xlarge", "t4g.2xlarge"], 8, 32, "burstable"],
  [["c3-highcpu-8", "c4-highcpu-8", "c4a-highcpu-8", "n4-highcpu-8"], 8, 16],
  [["e2-standard-8", "t2a-standard-8"], 8, 32],
  [["e2-highcpu-8", "n2-highcpu-8"], 8, 8],
  [["Standard_D8ls_v5", "Standard_D8pls_v6", "Standard_F8als_v6", "Standard_F8s_v2"], 8, 16],
  [["Standard_D8s_v5"], 8, 32],
];

const table = new Map<string, Size>(
  types.flatMap(([names, vcpus, gib, burstable]) =>
    names.map((name) => [name.toLowerCase(), { vcpus, memoryMib: gib * 1024, burstable: burstable !== undefined }]),
  ),
);

/**
 * The size of a machine type; undefined for a type that is not in the table. Takes the last part of a URL, as GCP writes
 * machine types, and GCP's custom types (`n2-custom-8-16384`, `custom-8-16384-ext`; memory in MiB), of which the
 * shared-core ones of E2 (`e2-custom-small-…`) are none.
 */
export function sizeOf(type: string): Size | undefined {
  const name = type.slice(type.lastIndexOf("/") + 1).toLowerCase();
  const custom = /^(?:[a-z]\d[a-z]?-)?custom-(?<vcpus>\d+)-(?<memory>\d+)(?:-ext)?$/.exec(name)?.groups;
  if (custom === undefined) return table.get(name);
  return { vcpus: Number(custom.vcpus), memoryMib: Number(custom.memory), burstable: false };
}

/** What a size lacks to be a node's; undefined when it lacks nothing. */
export function shortfall(size: Size): string | undefined {
  const lacks = [
    ...(size.vcpus < leastSize.vcpus ? [`${size.vcpus} vCPU of ${leastSize.vcpus}`] : []),
    ...(size.memoryMib < leastSize.memoryMib
      ? [`${size.memoryMib / 1024} GB of memory of ${leastSize.memoryMib / 1024}`]
      : []),
    ...(size.burstable ? ["a CPU that is its own: it is burstable"] : []),
  ];
  return lacks.length === 0 ? undefined : lacks.join(", ");
}

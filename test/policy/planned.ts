import { readFileSync } from "node:fs";
import { join } from "node:path";
import { planImage } from "../../components/image/plan.ts";

const pins = readFileSync(join(import.meta.dirname, "../../images/pins/reference.json"), "utf8");
const commit = "c".repeat(40);

/** What the program puts on a node of a cloud, whose machines are stock ones: its files 1 to 4 are packages, sources, pins, workload. */
const plan = planImage(
  { repository: "./workload", commit, bundle: "/repository/build/workload/c.bundle", history: [commit] },
  { file: "/repository/build/agent/logos-agent.mjs", sha256: "ab".repeat(32) },
  pins,
  { machines: "stock", trees: ["cloud"], vendorImage: undefined },
);
export const plannedFiles = plan.files.image;
/** The base of the lab's machines. */
export const plannedBase = plan.base;

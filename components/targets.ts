import type { TargetTable } from "./contract.ts";
import { lab } from "./lab/target.ts";

export const targetTable: TargetTable = { lab };

import { labRoot } from "../../../core/lab/paths.ts";

/** State root of this process; all state of all labs stands below it. */
export const root = labRoot(process.env);

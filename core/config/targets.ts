/** Where a substrate can run. The table of targets in `components` is typed by this list: a target without its parts does not compile. */
export const targets = ["lab"] as const;
export type TargetName = (typeof targets)[number];

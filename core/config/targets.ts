/** Where a substrate can run. The switch over targets in `components` is typed by this list: a target that is not there does not compile. */
export const targets = ["lab", "metal", "aws", "gcp", "azure"] as const;
export type TargetName = (typeof targets)[number];

/** Targets on which machines have public services and operators come from outside. */
export const cloudTargets: readonly TargetName[] = ["aws", "gcp", "azure"];

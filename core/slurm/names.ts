/** Names that people type and that programs match: they stand here once. */

/** Partition every job goes to unless it says otherwise. */
export const slurmPartition = "rebuild";

/** Feature a node carries after its gate has passed; the partition is made of the nodes that have it. */
export const gatedFeature = "logos-proof-gated";

/** Stem of the placeholder nodes (`vacant-1` …), which stand for the pool's slots and never run anything. */
export const placeholderStem = "vacant";

/**
 * The times by which no job is ever at work twice, in seconds. They belong together:
 *
 * - Slurm gives a node up when it was silent for `slurmdSeconds` (in practice 1.6 to 2.4 times as long), and starts its
 *   jobs elsewhere `credentialSeconds` + 1 later, so never sooner than `slurmdSeconds` + `credentialSeconds` after it last
 *   heard of the node.
 * - The pool manager ends the machine within that last wait.
 * - A node that is cut off ends its own jobs `isolationSeconds` after it last heard of the controller, in time before
 *   that, also when there is no manager.
 *
 * Larger means later elsewhere (with the manager dead: at most 2.4 × 10 + 11 + 2 s), smaller means more false alarms.
 */
export const timeouts = { slurmdSeconds: 10, credentialSeconds: 10, isolationSeconds: 15 } as const;

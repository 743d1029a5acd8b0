/** All that a waiver for a log group says beside its resource. Valid from 2026-11-01 to 2026-12-01. */
export const goodWaiver = {
  rule: "L06",
  reason: "Kept for a month until the contract ends",
  requester: "someone",
  approver: "another",
  created: "2026-11-01",
  expires: "2026-12-01",
};

import type { Rule } from "../../rule.ts";

/** What the pack itself holds, beside the rules over resources: reports name it as they name them. */

export const waiversSound: Rule = {
  id: "Q20",
  name: "waivers",
  title: "Waivers are for one finding, by another person, for at most 90 days, and waive something.",
  family: "waivers",
  severity: "high",
  reason: "A waiver that nobody looks at again is a rule that was removed.",
  remediation: "Mend the finding and remove the file, or have another person renew it.",
  upstream: [],
  waivable: false,
};

export const configurationSound: Rule = {
  id: "Q21",
  name: "configuration",
  title: "The pack's configuration is one: what a deployment declares of itself, without unknown keys.",
  family: "waivers",
  severity: "high",
  reason: "A key that is misspelt declares nothing, and whoever wrote it believes that it does.",
  remediation: "Mend the file that --policy-pack-config names; policies/README.md lists its keys.",
  upstream: [],
  waivable: false,
};

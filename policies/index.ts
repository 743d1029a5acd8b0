import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules/all.ts";

// Constructing the pack starts a server; everything that can be tested stands in rules/.
new PolicyPack("logos-guardrails", { enforcementLevel: "mandatory", policies: [...rules] });

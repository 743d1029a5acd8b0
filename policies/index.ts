// First, for it has the others load less.
import "./lean.ts";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { declaredBy } from "./declared.ts";
import { deserializeOnce } from "./deserialize-once.ts";
import { Hidden } from "./hidden.ts";
import { policiesOf, Session } from "./pack.ts";
import { recorder } from "./report/record.ts";
import { rules } from "./rules/all.ts";
import { hearEngine } from "./told.ts";
import { readWaivers } from "./waivers.ts";

const folder = join(import.meta.dirname, "waivers");
// A run without waivers is stricter, never laxer: whoever wants to see what is borne may ask for it.
const files = (process.env.LOGOS_GUARDRAILS_WAIVERS === "none" ? [] : readdirSync(folder))
  .filter((name) => name.endsWith(".yaml"))
  .sort()
  .map((name) => ({ file: `policies/waivers/${name}`, text: readFileSync(join(folder, name), "utf8") }));

const hidden = new Hidden();
const session = new Session({
  clean: (text) => hidden.clean(text),
  waivers: readWaivers(files, rules, new Date()),
  ...recorder(process.env.LOGOS_GUARDRAILS_REPORT),
});
const policies = policiesOf(rules, session);

deserializeOnce((properties) => hidden.addFrom(properties));
hearEngine(policies, ({ settings, secretKeys, project }) => {
  for (const key of secretKeys) hidden.add(settings[key] ?? "");
  session.declare(declaredBy(settings, project));
});

// Constructing the pack starts a server; everything that can be tested stands elsewhere.
new PolicyPack("logos-guardrails", { enforcementLevel: "mandatory", policies });

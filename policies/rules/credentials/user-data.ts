import { parse } from "yaml";
import { decodeText, tooLarge } from "../../../core/guard/secrets.ts";
import { commandsIn } from "../../../core/guard/shell.ts";
import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { awsMachineTypes, azureMachineTypes, gcpMachineTypes } from "../machines.ts";

/** Entries of Google's metadata that a machine runs. */
const scriptEntries = ["user-data", "startup-script", "shutdown-script"];
/** Entries that name where to fetch what is run. */
const scriptUrls = ["startup-script-url", "shutdown-script-url"];

/** Properties of machines and templates that hold what runs at their first start. */
export const scriptProperties = [
  "userData",
  "userDataBase64",
  "metadata",
  "metadataStartupScript",
  "osProfile",
  "virtualMachineProfile",
] as const;

export const userDataPlain: Rule = {
  id: "I11",
  name: "user-data-plain",
  title: "User data runs no code from the network and opens nothing by a cloud's CLI.",
  family: "credentials",
  severity: "critical",
  reason: "What a URL answers at boot is unaudited code that runs as root.",
  remediation: "Bake it into the image.",
  upstream: ["CKV_AWS_46", "CKV_AZURE_45", "AWS-0029"],
  checks: {
    ...each([...awsMachineTypes, ...gcpMachineTypes, ...azureMachineTypes], function* (subject) {
      for (const script of scriptsOf(subject)) yield* attempt(() => checkScript(script));
      yield* refuseUrls(subject.props.at("metadata"));
    }),
    "gcp:compute/projectMetadata:ProjectMetadata": function* ({ props }) {
      for (const key of scriptEntries) yield* attempt(() => checkScript(props.at("metadata", key)));
      yield* refuseUrls(props.at("metadata"));
    },
    "gcp:compute/projectMetadataItem:ProjectMetadataItem": function* ({ props }) {
      yield* attempt(function* () {
        const key = props.string("key") ?? "";
        if (scriptEntries.includes(key)) yield* checkScript(props.at("value"));
        if (scriptUrls.includes(key)) yield { at: props.at("value"), found: "runs what a URL answers" };
      });
    },
  },
  knownAtUpdate: [...scriptProperties, "launchSpecifications", "value"],
};

/** Where machines are told what to run when they are born. */
export function scriptsOf({ props }: Subject): readonly View[] {
  return [
    ...["userData", "userDataBase64", "metadataStartupScript"].map((key) => props.at(key)),
    ...scriptEntries.map((key) => props.at("metadata", key)),
    props.at("osProfile", "customData"),
    props.at("virtualMachineProfile", "osProfile", "customData"),
    props.at("virtualMachineProfile", "userData"),
    ...props.items("launchSpecifications").flatMap((one) => [one.at("userData"), one.at("userDataBase64")]),
  ];
}

function* refuseUrls(metadata: View): Generator<Outcome> {
  for (const key of scriptUrls)
    yield* attempt(function* () {
      if (metadata.at(key).present) yield { at: metadata.at(key), found: "runs what a URL answers" };
    });
}

function* checkScript(at: View): Generator<Outcome> {
  for (const script of scriptsIn(at.string() ?? "")) {
    if (/^#include(-once)?\s+https?:/m.test(script)) yield { at, found: "runs what a URL answers" };
    if (script === tooLarge) yield { at, found: "is too large to be read" };
    for (const words of commandsIn(script).commands) {
      const command = withoutPath(words);
      if (/^(curl|wget) /.test(command) && (runsInput.test(script) || runsOutput.test(script)))
        yield { at, found: `runs what "${command}" fetches` };
      if (openingCall(words) !== undefined) yield { at, found: `opens something by "${command}"` };
      if (/^npm .*(-g|--global)\b/.test(command)) yield { at, found: "installs an npm package for all" };
    }
  }
}

/** A shell, or another interpreter without a program of its own, at the end of a pipe: it runs what comes. */
const runsInput = /\|\s*(?:sudo\s+)?(?:(?:ba|da|z|k)?sh\b|(?:python3?|node|perl|ruby)\s*(?:-\s*)?(?:$|[;&|)"'\n]))/m;
/** A shell that is given what a command writes: `sh -c "$(curl …)"`, `eval "$(…)"`, `bash <(…)`, `. <(…)`. */
const runsOutput =
  /(?:\beval|\bsource|(?:^|[\s;&|])\.|\b(?:ba|da|z|k)?sh(?:\s+-\w+)*)\s+["']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b/m;

/**
 * What may be run of user data: the text, by itself and decoded; and what cloud-configs hold in it, which are YAML: each text
 * may be a script or a file, encoded or not, and each list of texts a command. A part of a MIME text ends at its boundary.
 * https://docs.cloud-init.io/en/latest/explanation/format/index.html
 */
function scriptsIn(text: string): readonly string[] {
  return [text, ...cloudConfigsIn(text).flatMap(textsOf)].flatMap(readings);
}

/** The cloud-configs in user data, as YAML reads them. */
export function cloudConfigsIn(text: string): readonly unknown[] {
  const configs = readings(text).flatMap((one) => one.split("#cloud-config").slice(1));
  return configs.map((config) => parseYaml(config.replace(/^--[\s\S]*/m, "")));
}

/** A text by itself and, where it is encoded, decoded. */
export function readings(text: string): readonly string[] {
  const decoded = decodeText(text);
  return decoded === undefined ? [text] : [text, decoded];
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  const inner: readonly unknown[] = Object.values(value ?? {});
  return [inner.join(" "), ...inner.flatMap(textsOf)];
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Commands that open something past the declared firewall, by their program and arguments. */
const openers: readonly RegExp[] = [
  /^aws .*\b(authorize-security-group-(in|e)gress|create-network-acl-entry|replace-network-acl-entry|modify-instance-metadata-options|associate-address|modify-subnet-attribute|put-bucket-(acl|policy)|put-public-access-block|delete-public-access-block|modify-image-attribute|modify-snapshot-attribute|create-route|disable-ebs-encryption-by-default|attach-role-policy|put-role-policy|create-access-key)\b/,
  /^gcloud .*\b(firewall-rules (create|update)|add-access-config|add-iam-policy-binding|add-metadata|keys create|routes create|buckets (update|add-iam-policy-binding))\b/,
  /^gsutil .*\b(acl|iam|defacl)\b/,
  /^az .*\b(nsg rule (create|update)|public-ip create|role assignment create|storage account (update|keys)|storage container set-permission|vm (open-port|extension|run-command)|keyvault (update|set-policy))\b/,
  /^ip6?tables .*(-F|--flush|(-P|--policy) (INPUT|FORWARD) ACCEPT|(-A|--append|-I|--insert) (INPUT|FORWARD)\b.* ACCEPT)\b/,
  /^nft (.* )?(flush|delete|add|insert|replace|-f|--file)\b/,
  /^ufw .*\b(allow|disable|reset)\b/,
  /^firewall-cmd .*--(add|remove|set)-/,
];

/** The command, without its program's path, if it opens something past the declared firewall. */
export function openingCall(words: readonly string[]): string | undefined {
  const command = withoutPath(words);
  return openers.some((one) => one.test(command)) ? command : undefined;
}

function withoutPath(words: readonly string[]): string {
  return words.join(" ").replace(/^[^ ]*\//, "");
}

import { commandsIn } from "../../../core/guard/shell.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import type { View } from "../../view.ts";
import { openingCall } from "../credentials/user-data.ts";

/** A cloud's CLI, or a tool that calls the same interfaces, at the start of a command. */
const cli = /^(?:\S*\/)?(?:aws|gcloud|gsutil|az|azcopy|terraform|tofu|pulumi|kubectl)(?: |$)/;

export const noCloudCli: Rule = {
  id: "X05",
  name: "no-cloud-cli",
  title: "No command calls a cloud's CLI or changes a firewall.",
  family: "remote",
  severity: "critical",
  reason: "What a command opens is in no state, no preview and no rule.",
  remediation: "Declare the resource.",
  upstream: [],
  checks: {
    ...each(["command:remote:Command", "command:local:Command"], function* ({ props }) {
      for (const key of ["create", "update", "delete"]) yield* attempt(() => checkText(props.at(key)));
    }),
    ...each(
      [
        "azure-native:resources:AzureCliScript",
        "azure-native:resources:AzurePowerShellScript",
        "azure-native:resources:Deployment",
        "azure-native:resources:DeploymentAtSubscriptionScope",
        "azure-native:resources:Resource",
        "aws:cloudformation/stack:Stack",
        "aws:cloudcontrol/resource:Resource",
        "gcp:deploymentmanager/deployment:Deployment",
      ],
      () => [{ found: "makes resources that no rule sees" }],
    ),
  },
};

function* checkText(text: View): Generator<Outcome> {
  const script = text.string();
  if (script === undefined) return;
  const { readable, commands } = commandsIn(script);
  if (!readable) yield { at: text, found: "is no shell text that can be read" };
  for (const words of commands) {
    const opening = openingCall(words);
    if (cli.test(words.join(" "))) yield { at: text, found: `calls "${words[0]}"` };
    else if (opening !== undefined) yield { at: text, found: `changes a firewall by "${opening}"` };
  }
}

import { Budget } from "@pulumi/azure-native/consumption/budget.js";
import { ActionGroup } from "@pulumi/azure-native/monitor/actionGroup.js";
import { DataCollectionRule } from "@pulumi/azure-native/monitor/dataCollectionRule.js";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace.js";
import * as pulumi from "@pulumi/pulumi";
import { Channels, type ChannelsArgs } from "../contract.ts";
import type { AzureParts } from "./parts.ts";
import { type AzureSite, inSite, subscriptionScope, tags } from "./site.ts";

/** Days that logs are kept; the audit log is a store of its own. */
const logDays = 365;

/** The action group that alarms speak through, the workspace that logs go to, and the budget. */
export class AzureChannels extends Channels {
  readonly alarmId: pulumi.Output<string>;
  readonly logId: pulumi.Output<string>;
  /** What a machine's agent collects, and where to. */
  readonly collection: DataCollectionRule;

  constructor(name: string, args: ChannelsArgs<AzureParts>, site: AzureSite, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    const child = inSite(site, this);
    const { names, settings } = site;
    const emails = args.email === "" ? [] : [args.email];
    const shared = { resourceGroupName: args.data.group.name, location: settings.region, tags: tags() };

    const alarms = new ActionGroup(
      `${name}-alarms`,
      {
        ...shared,
        location: "global",
        actionGroupName: names.of("alarms"),
        // What a message begins with: 12 characters at most.
        groupShortName: "logos",
        enabled: true,
        emailReceivers: emails.map((emailAddress) => ({ name: "operators", emailAddress, useCommonAlertSchema: true })),
      },
      child,
    );
    const logs = new Workspace(
      `${name}-logs`,
      {
        ...shared,
        workspaceName: names.of("logs"),
        sku: { name: "PerGB2018" },
        retentionInDays: logDays,
        features: { disableLocalAuth: true },
      },
      child,
    );
    this.collection = new DataCollectionRule(
      `${name}-collection`,
      {
        ...shared,
        dataCollectionRuleName: names.of("collection"),
        kind: "Linux",
        dataSources: {
          syslog: [
            {
              name: "system",
              streams: ["Microsoft-Syslog"],
              facilityNames: ["auth", "authpriv", "daemon", "kern", "syslog"],
              logLevels: ["Notice", "Warning", "Error", "Critical", "Alert", "Emergency"],
            },
          ],
        },
        destinations: { logAnalytics: [{ name: "logs", workspaceResourceId: logs.id }] },
        dataFlows: [{ streams: ["Microsoft-Syslog"], destinations: ["logs"] }],
      },
      child,
    );
    const notification = (thresholdType: "Actual" | "Forecasted") => ({
      enabled: true,
      operator: "GreaterThan",
      threshold: 100,
      thresholdType,
      contactEmails: emails,
      contactGroups: [alarms.id],
    });
    new Budget(
      `${name}-budget`,
      {
        budgetName: names.of("budget"),
        scope: subscriptionScope(site),
        category: "Cost",
        amount: args.monthlyBudgetUsd,
        timeGrain: "Monthly",
        timePeriod: { startDate: `${settings.budgetStart}-01T00:00:00Z` },
        // What the stack spends, wherever in the subscription it stands.
        filter: { tags: { name: "logos-stack", operator: "In", values: [pulumi.getStack()] } },
        notifications: { spent: notification("Actual"), forecast: notification("Forecasted") },
      },
      child,
    );
    this.alarmId = alarms.id;
    this.logId = logs.id;
    this.registerOutputs({ alarmId: this.alarmId, logId: this.logId });
  }
}

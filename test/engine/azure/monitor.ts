import { numberAt, placesAt, textAt, valueAt } from "../cloud/paths.ts";
import type { Row } from "../cloud/table.ts";
import { kind, named, subscription } from "./arm.ts";

const scaleSet = { to: "azure-native:compute:VirtualMachineScaleSet" };

export const monitor: Readonly<Record<string, Row>> = {
  "azure-native:monitor:AutoscaleSetting": {
    ...kind("Microsoft.Insights/autoscaleSettings", "autoscaleSettingName", {
      references: { targetResourceUri: scaleSet, "profiles[].rules[].metricTrigger.metricResourceUri": scaleSet },
    }),
    check: (inputs) => {
      for (const { value } of placesAt(inputs, "profiles[].capacity")) {
        const texts = ["minimum", "default", "maximum"].map((name) => valueAt(value, name));
        if (texts.some((text) => typeof text !== "string")) return "capacities are texts";
        const [min = 0, start = 0, max = 0] = ["minimum", "default", "maximum"].map((name) => numberAt(value, name));
        if (min > start || start > max) return `the capacities ${min}, ${start}, ${max} are not in order`;
      }
      return undefined;
    },
  },
  "azure-native:monitor:ActionGroup": {
    ...kind("Microsoft.Insights/actionGroups", "actionGroupName"),
    check: ({ groupShortName }) =>
      typeof groupShortName === "string" && groupShortName.length > 12
        ? "the short name has 12 characters at most"
        : undefined,
  },
  "azure-native:monitor:MetricAlert": kind("Microsoft.Insights/metricAlerts", "ruleName", {
    references: {
      "scopes[]": scaleSet,
      "actions[].actionGroupId": { to: "azure-native:monitor:ActionGroup" },
    },
  }),
  "azure-native:monitor:DataCollectionRule": kind("Microsoft.Insights/dataCollectionRules", "dataCollectionRuleName", {
    references: {
      "destinations.logAnalytics[].workspaceResourceId": { to: "azure-native:operationalinsights:Workspace" },
    },
  }),
  "azure-native:operationalinsights:Workspace": kind("Microsoft.OperationalInsights/workspaces", "workspaceName"),
  "azure-native:consumption:Budget": {
    name: named("budgetName", ["scope"]),
    id: (made) => `${made.text("scope")}/providers/Microsoft.Consumption/budgets/${made.name}`,
    references: {
      scope: { to: "azure-native:resources:ResourceGroup", external: new RegExp(`^/subscriptions/${subscription}$`) },
      "notifications.*.contactGroups[]": { to: "azure-native:monitor:ActionGroup", holds: false },
    },
    replaceOn: ["scope", "budgetName", "timePeriod.startDate"],
    check: (inputs) => {
      const start = textAt(inputs, "timePeriod.startDate");
      return start !== undefined && !/^\d{4}-\d{2}-01T00:00:00Z$/.test(start)
        ? "a budget begins on the first of a month"
        : undefined;
    },
  },
};

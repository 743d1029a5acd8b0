import type { Disk } from "@pulumi/azure-native/compute/disk.js";
import { BackupInstance } from "@pulumi/azure-native/dataprotection/backupInstance.js";
import { BackupPolicy } from "@pulumi/azure-native/dataprotection/backupPolicy.js";
import { BackupVault } from "@pulumi/azure-native/dataprotection/backupVault.js";
import type { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import type * as pulumi from "@pulumi/pulumi";
import { grant } from "./rights.ts";
import { type AzureSite, tags } from "./site.ts";

const diskType = "Microsoft.Compute/disks";
/** Snapshots of a disk stay beside it: Azure has no other store for them. */
const store = { dataStoreType: "OperationalStore", objectType: "DataStoreInfoBase" };
/** What rules and backups find each other by; Azure wants this name for the one that is always there. */
const rule = "Default";

/** A snapshot each night of the disk that remembers which node was proven, kept for a week. */
export function nightlyBackup(
  name: string,
  { disk, group }: { readonly disk: Disk; readonly group: ResourceGroup },
  site: AzureSite,
  opts: pulumi.CustomResourceOptions,
): void {
  const location = site.settings.region;
  const vault = new BackupVault(
    name,
    {
      resourceGroupName: group.name,
      location,
      tags: tags(),
      vaultName: site.names.of("backup"),
      identity: { type: "SystemAssigned" },
      properties: {
        storageSettings: [{ datastoreType: "OperationalStore", type: "LocallyRedundant" }],
        // What is deleted softly keeps its vault, and so a destroy, waiting for two weeks.
        securitySettings: { softDeleteSettings: { state: "Off", retentionDurationInDays: 14 } },
      },
    },
    opts,
  );
  const policy = new BackupPolicy(
    name,
    {
      resourceGroupName: group.name,
      vaultName: vault.name,
      backupPolicyName: "nightly",
      properties: {
        objectType: "BackupPolicy",
        datasourceTypes: [diskType],
        policyRules: [
          {
            objectType: "AzureBackupRule",
            name: "nightly",
            dataStore: store,
            backupParameters: { objectType: "AzureBackupParams", backupType: "Incremental" },
            trigger: {
              objectType: "ScheduleBasedTriggerContext",
              // From any moment in the past on, each day at that hour.
              schedule: { repeatingTimeIntervals: ["R/2026-01-01T02:00:00+00:00/P1D"], timeZone: "UTC" },
              taggingCriteria: [{ isDefault: true, taggingPriority: 99, tagInfo: { tagName: rule } }],
            },
          },
          {
            objectType: "AzureRetentionRule",
            name: rule,
            isDefault: true,
            lifecycles: [
              { sourceDataStore: store, deleteAfter: { objectType: "AbsoluteDeleteOption", duration: "P7D" } },
            ],
          },
        ],
      },
    },
    opts,
  );
  const identity = vault.identity.apply((one) => one?.principalId ?? "");
  const rights = [
    grant(`${name}-read`, site, { scope: disk.id, role: "Disk Backup Reader", to: { identity } }, opts),
    grant(`${name}-snapshot`, site, { scope: group.id, role: "Disk Snapshot Contributor", to: { identity } }, opts),
  ];
  new BackupInstance(
    name,
    {
      resourceGroupName: group.name,
      vaultName: vault.name,
      backupInstanceName: "control-state",
      tags: tags(),
      properties: {
        objectType: "BackupInstance",
        friendlyName: "control-state",
        dataSourceInfo: {
          objectType: "Datasource",
          datasourceType: diskType,
          resourceType: diskType,
          resourceID: disk.id,
          resourceLocation: location,
          resourceName: disk.name,
          resourceUri: disk.id,
        },
        policyInfo: {
          policyId: policy.id,
          policyParameters: {
            dataStoreParametersList: [
              {
                objectType: "AzureOperationalStoreParameters",
                dataStoreType: "OperationalStore",
                resourceGroupId: group.id,
              },
            ],
          },
        },
      },
    },
    { ...opts, dependsOn: rights },
  );
}

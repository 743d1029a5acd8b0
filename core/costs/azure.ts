import {
  type CostTable,
  hoursPerMonth,
  type InventoryItem,
  type MonthlyCost,
  numberAt,
  perNode,
  priceOf,
  textAt,
} from "./cost.ts";

/**
 * Pay-as-you-go prices of West Europe in US dollars, estimates from memory of the public price pages
 * (https://azure.microsoft.com/pricing/), not looked up: for the size of a bill. Outgoing traffic, operations, stored
 * gigabytes of the stores and ingested logs are use, not resources, and stand at what an idle stack has.
 */
const hourly: Readonly<Record<string, number>> = {
  Standard_D2ls_v5: 0.1,
  Standard_D8ls_v5: 0.4,
  Standard_D8s_v5: 0.46,
};

/** Premium SSD by the tier that a size falls into (P4, P6, P10 …), a month. */
const premiumTiers: readonly (readonly [gib: number, usd: number])[] = [
  [32, 5.3],
  [64, 10.2],
  [128, 19.7],
  [256, 38],
  [512, 73],
  [1024, 135],
];

const prices = {
  publicAddress: 3.65,
  natGateway: 33,
  privateEndpoint: 7.3,
  azureBastionStandard: 212,
  /** A key's version, and 90 days of rotation make at most nine in two years. */
  key: 5,
  snapshotGib: 0.06,
  imageGib: 0.05,
  flowLogs: 2,
  logs: 5,
  store: 1,
} as const;

const fixed = (usd: number, basis: string) => (): MonthlyCost => ({ usd, basis });

function machine(item: InventoryItem): MonthlyCost {
  const size = textAt(item, "hardwareProfile.vmSize");
  const disk = premium(numberAt(item, "storageProfile.osDisk.diskSizeGB"));
  return { usd: priceOf(hourly, size, "sizes") * hoursPerMonth + disk, basis: `${size}, all month, with its disk` };
}

function premium(gib: number): number {
  const tier = premiumTiers.find(([size]) => gib <= size);
  if (tier === undefined) throw new TypeError(`The table of disks ends below ${gib} GiB`);
  return tier[1];
}

function pool(item: InventoryItem, all: readonly InventoryItem[]): MonthlyCost {
  const size = textAt(item, "sku.name");
  const profile = "virtualMachineProfile.storageProfile";
  const disks =
    premium(numberAt(item, `${profile}.osDisk.diskSizeGB`)) +
    premium(numberAt(item, `${profile}.dataDisks.0.diskSizeGB`));
  // A deallocated machine costs its disks alone.
  return perNode(all, priceOf(hourly, size, "sizes") * hoursPerMonth + disks, disks, `${size} with two disks`);
}

export const azureCosts: CostTable = {
  asOf: "2026-11-25",
  region: "West Europe",
  priced: {
    "azure-native:compute:VirtualMachine": machine,
    "azure-native:compute:VirtualMachineScaleSet": pool,
    "azure-native:compute:Disk": (item) => ({
      usd: premium(numberAt(item, "diskSizeGB")),
      basis: `Premium SSD, ${numberAt(item, "diskSizeGB")} GiB`,
    }),
    "azure-native:compute:Snapshot": fixed(50 * prices.snapshotGib, "50 GiB, estimate"),
    "azure-native:compute:GalleryImageVersion": fixed(50 * prices.imageGib, "one replica of 50 GiB, estimate"),
    "azure-native:network:PublicIPAddress": fixed(prices.publicAddress, "Standard, static"),
    "azure-native:network:NatGateway": fixed(prices.natGateway, "the gateway; $0.045 for each GB beside"),
    "azure-native:network:BastionHost": fixed(prices.azureBastionStandard, "Standard, two units"),
    "azure-native:network:PrivateEndpoint": fixed(prices.privateEndpoint, "the endpoint; $0.01 for each GB beside"),
    "azure-native:network:FlowLog": fixed(prices.flowLogs, "4 GB a month, estimate"),
    "azure-native:keyvault:Key": fixed(prices.key, "an RSA key of 3072 bits in hardware"),
    "azure-native:storage:StorageAccount": fixed(prices.store, "what an idle account holds, estimate"),
    "azure-native:operationalinsights:Workspace": fixed(prices.logs, "2 GB a month, estimate"),
    "azure-native:monitor:MetricAlert": fixed(0.1, "one time series"),
    "azure-native:dataprotection:BackupInstance": fixed(2, "seven snapshots of what changes on 32 GiB, estimate"),
    "azure-native:monitor:ActionGroup": fixed(0, "the first 1000 e-mails"),
  },
  free: [
    "azure-native:resources:ResourceGroup",
    "azure-native:network:VirtualNetwork",
    "azure-native:network:Subnet",
    "azure-native:network:NetworkSecurityGroup",
    "azure-native:network:NetworkInterface",
    "azure-native:keyvault:Vault",
    "azure-native:keyvault:Secret",
    "azure-native:compute:DiskEncryptionSet",
    "azure-native:compute:Gallery",
    "azure-native:compute:GalleryImage",
    "azure-native:storage:BlobServiceProperties",
    "azure-native:storage:BlobContainer",
    "azure-native:storage:BlobContainerImmutabilityPolicy",
    "azure-native:storage:ManagementPolicy",
    "azure-native:managedidentity:UserAssignedIdentity",
    "azure-native:authorization:RoleAssignment",
    "azure-native:authorization:RoleDefinition",
    "azure-native:dataprotection:BackupVault",
    "azure-native:dataprotection:BackupPolicy",
    "azure-native:monitor:DataCollectionRule",
    "azure-native:monitor:AutoscaleSetting",
    "azure-native:standbypool:StandbyVirtualMachinePool",
    "azure-native:consumption:Budget",
  ],
};

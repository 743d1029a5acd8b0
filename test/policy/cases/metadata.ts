import * as metadata from "../../../policies/rules/metadata/metadata.ts";
import { type Cases, of, table, U } from "./kit.ts";

const gcpInstance = "gcp:compute/instance:Instance";
const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const shielded = { shieldedInstanceConfig: { enableSecureBoot: true } };
const trusted = {
  securityProfile: { securityType: "TrustedLaunch", uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } },
};

export const metadataCases: readonly Cases[] = [
  table(metadata.tokensRequired, of(template, { metadataOptions: { httpTokens: "required" } }), {
    passes: [
      of("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults", { httpTokens: "required" }),
      of("aws:ec2/ami:Ami", { imdsSupport: "v2.0" }),
    ],
    fails: [
      { "metadataOptions.httpTokens": "optional" },
      { metadataOptions: {} },
      of("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults", { httpTokens: "no-preference" }),
    ],
    unknown: [{ "metadataOptions.httpTokens": U }],
    omitted: [["metadataOptions", "fails"]],
    twins: [
      of(instance, {}),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", {}),
      of("aws:ec2/spotInstanceRequest:SpotInstanceRequest", {}),
      of("aws:ec2/spotFleetRequest:SpotFleetRequest", { launchSpecifications: [{}] }),
      of("aws:ec2/ami:Ami", {}),
    ],
  }),
  table(metadata.hopLimit, of(template, { metadataOptions: { httpPutResponseHopLimit: 1 } }), {
    passes: [{ "metadataOptions.httpPutResponseHopLimit": "1" }],
    fails: [
      { "metadataOptions.httpPutResponseHopLimit": 2 },
      { "metadataOptions.httpPutResponseHopLimit": 64 },
      { "metadataOptions.httpPutResponseHopLimit": 0 },
    ],
    unknown: [{ "metadataOptions.httpPutResponseHopLimit": U }],
    omitted: [
      ["metadataOptions", "passes"],
      [of("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults", {}), "fails"],
    ],
    twins: [
      of(instance, { metadataOptions: { httpPutResponseHopLimit: 2 } }),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", { metadataOptions: { httpPutResponseHopLimit: 3 } }),
    ],
  }),
  table(metadata.shieldedVm, of(gcpInstance, shielded), {
    passes: [{ "shieldedInstanceConfig.enableVtpm": true }],
    fails: [
      { "shieldedInstanceConfig.enableSecureBoot": false },
      { "shieldedInstanceConfig.enableVtpm": false },
      { "shieldedInstanceConfig.enableIntegrityMonitoring": false },
    ],
    unknown: [{ "shieldedInstanceConfig.enableSecureBoot": U }],
    omitted: [
      ["shieldedInstanceConfig", "fails"],
      ["shieldedInstanceConfig.enableVtpm", "passes"],
    ],
    twins: [
      of(gcpTemplate, {}),
      of("gcp:compute/instanceTemplate:InstanceTemplate", {}),
      of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", {}),
    ],
  }),
  table(metadata.trustedLaunch, of(vm, trusted), {
    passes: [{ "securityProfile.securityType": "ConfidentialVM" }],
    fails: [
      { "securityProfile.securityType": "Standard" },
      { "securityProfile.uefiSettings.secureBootEnabled": false },
      { "securityProfile.uefiSettings.vTpmEnabled": false },
    ],
    unknown: [{ "securityProfile.securityType": U }],
    omitted: [["securityProfile", "fails"]],
    twins: [of(vmss, { virtualMachineProfile: {} }), of("azure-native:compute/v20240101:VirtualMachine", {})],
  }),
  table(metadata.serialConsoleOff, of("aws:ec2/serialConsoleAccess:SerialConsoleAccess", { enabled: false }), {
    passes: [of(vm, { diagnosticsProfile: { bootDiagnostics: { enabled: true } } })],
    fails: [
      { enabled: true },
      { enabled: "yes" },
      of(vm, { diagnosticsProfile: { bootDiagnostics: { storageUri: U } } }),
    ],
    unknown: [{ enabled: U }],
    omitted: [["enabled", "fails"]],
    twins: [
      of(vmss, { virtualMachineProfile: { diagnosticsProfile: { bootDiagnostics: { storageUri: "https://x" } } } }),
    ],
  }),
];

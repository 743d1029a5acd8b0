import * as metadata from "../../../policies/rules/metadata/metadata.ts";
import { at, type Cases, of, table, U } from "./kit.ts";

const gcpInstance = "gcp:compute/instance:Instance";
const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const shielded = { shieldedInstanceConfig: { enableSecureBoot: true } };
const defaults = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults";
const fleet = "aws:ec2/spotFleetRequest:SpotFleetRequest";
const trusted = {
  securityProfile: { securityType: "TrustedLaunch", uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } },
};

export const metadataCases: readonly Cases[] = [
  table(metadata.tokensRequired, of(template, { metadataOptions: { httpTokens: "required" } }), {
    passes: [
      of(defaults, { httpTokens: "required" }),
      of("aws:ec2/ami:Ami", { imdsSupport: "v2.0" }),
      of(fleet, { launchTemplateConfigs: [{}] }),
    ],
    fails: [
      at({ "metadataOptions.httpTokens": "optional" }, "metadataOptions.httpTokens"),
      { metadataOptions: {} },
      at(of(defaults, { httpTokens: "no-preference" }), "httpTokens"),
    ],
    unknown: [{ "metadataOptions.httpTokens": U }],
    omitted: [["metadataOptions", "fails"]],
    twins: [
      of(instance, {}),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", {}),
      of("aws:ec2/spotInstanceRequest:SpotInstanceRequest", {}),
      at(of(fleet, { launchSpecifications: [{}] }), "launchSpecifications"),
      at(of("aws:ec2/ami:Ami", {}), "imdsSupport"),
    ],
  }),
  table(metadata.hopLimit, of(template, { metadataOptions: { httpPutResponseHopLimit: 1 } }), {
    passes: [{ "metadataOptions.httpPutResponseHopLimit": "1" }, of(defaults, { httpPutResponseHopLimit: 1 })],
    fails: [
      at({ "metadataOptions.httpPutResponseHopLimit": 2 }, "metadataOptions.httpPutResponseHopLimit"),
      { "metadataOptions.httpPutResponseHopLimit": 64 },
      { "metadataOptions.httpPutResponseHopLimit": 0 },
    ],
    unknown: [{ "metadataOptions.httpPutResponseHopLimit": U }],
    omitted: [
      ["metadataOptions", "fails"],
      [at(of(defaults, {}), "httpPutResponseHopLimit"), "fails"],
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
      at({ "securityProfile.securityType": "Standard" }, "securityProfile.securityType"),
      at({ "securityProfile.uefiSettings.secureBootEnabled": false }, "securityProfile.uefiSettings.secureBootEnabled"),
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
      at(
        of(vm, { diagnosticsProfile: { bootDiagnostics: { storageUri: U } } }),
        "diagnosticsProfile.bootDiagnostics.storageUri",
      ),
    ],
    unknown: [{ enabled: U }],
    omitted: [["enabled", "fails"]],
    twins: [
      of(vmss, { virtualMachineProfile: { diagnosticsProfile: { bootDiagnostics: { storageUri: "https://x" } } } }),
    ],
  }),
];

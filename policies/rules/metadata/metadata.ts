import { requireOneOf, requireTrue, requireWithin } from "../../require.ts";
import { attempt, each, type Outcome, type Rule } from "../../rule.ts";
import {
  awsMachineTypes,
  azureMachineTypes,
  azureProfile,
  gcpMachineTypes,
  given,
  isNode,
  spotFleet,
} from "../machines.ts";

const metadataDefaults = "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults";
const withMetadata = awsMachineTypes.filter((type) => type !== spotFleet);

export const tokensRequired: Rule = {
  id: "M01",
  name: "imds-tokens-required",
  title: "The metadata service answers to session tokens only (IMDSv2).",
  family: "metadata",
  severity: "high",
  reason: "Version 1 hands a machine's credentials to whatever makes it fetch an address.",
  remediation: 'metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 }',
  upstream: ["CKV_AWS_79", "AWS-0028", "AWS-0130", "ec2-imdsv2-required", "EC2.8", "AutoScaling.3", "CIS-AWS-6.7"],
  checks: {
    ...each(withMetadata, ({ props }) => requireTokens(props.at("metadataOptions").at("httpTokens"))),
    [metadataDefaults]: ({ props }) => requireTokens(props.at("httpTokens")),
    // Its launch specifications have no metadata options: version 1 answers.
    [spotFleet]: function* ({ props }) {
      yield* attempt(function* () {
        const specifications = props.at("launchSpecifications");
        if (specifications.count() > 0)
          yield { at: specifications, found: "cannot ask for tokens", mend: "Use launchTemplateConfigs." };
      });
    },
    "aws:ec2/ami:Ami": ({ props }) => requireOneOf(props.at("imdsSupport"), ["v2.0"], "v1.0"),
  },
};

function requireTokens(tokens: Parameters<typeof requireOneOf>[0]): Iterable<Outcome> {
  return requireOneOf(tokens, ["required"], "optional");
}

export const hopLimit: Rule = {
  id: "M02",
  name: "imds-one-hop",
  title: "The metadata service's answers go one hop and no further.",
  family: "metadata",
  severity: "medium",
  reason: "Two hops reach into containers and through forwarders.",
  remediation: "metadataOptions: { httpPutResponseHopLimit: 1 }",
  upstream: ["CKV_AWS_341", "AutoScaling.4"],
  checks: {
    // Left out it is the image's: two hops where that asks for tokens, as M01 wants it to.
    ...each(withMetadata, ({ props }) => requireWithin(props.at("metadataOptions", "httpPutResponseHopLimit"), 1, 1)),
    [metadataDefaults]: ({ props }) => requireWithin(props.at("httpPutResponseHopLimit"), 1, 1),
  },
};

export const shieldedVm: Rule = {
  id: "B01",
  name: "shielded-vm",
  title: "GCP machines boot by secure boot, with a vTPM and integrity monitoring.",
  family: "metadata",
  severity: "high",
  reason: "Otherwise a changed boot loader is not noticed by the gate, which runs after it.",
  remediation: "shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true }",
  upstream: ["CKV_GCP_39", "GCP-0041", "GCP-0045", "GCP-0067", "CIS-GCP-4.8"],
  checks: each(gcpMachineTypes, function* ({ props }) {
    const config = props.at("shieldedInstanceConfig");
    yield* requireTrue(config.at("enableSecureBoot"));
    yield* requireTrue(config.at("enableVtpm"), true);
    yield* requireTrue(config.at("enableIntegrityMonitoring"), true);
  }),
};

export const trustedLaunch: Rule = {
  id: "B02",
  name: "trusted-launch",
  title: "Azure machines launch trusted: secure boot and vTPM.",
  family: "metadata",
  severity: "high",
  reason: "Otherwise a changed boot loader is not noticed by the gate, which runs after it.",
  remediation:
    'securityProfile: { securityType: "TrustedLaunch", uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } }',
  upstream: ["CIS-GCP-4.11", "prowler-vm_trusted_launch_enabled"],
  checks: each(azureMachineTypes, function* (subject) {
    const security = azureProfile(subject).at("securityProfile");
    yield* requireOneOf(security.at("securityType"), ["TrustedLaunch", "ConfidentialVM"], "Standard");
    yield* requireTrue(security.at("uefiSettings", "secureBootEnabled"));
    yield* requireTrue(security.at("uefiSettings", "vTpmEnabled"));
  }),
};

export const serialConsoleOff: Rule = {
  id: "X04",
  name: "serial-console-off",
  title: "The account's serial console stays off, and the account's metadata defaults ask for tokens.",
  family: "metadata",
  severity: "medium",
  reason: "The serial console is a way in that no bastion sees.",
  remediation: "enabled: false",
  upstream: [],
  checks: {
    "aws:ec2/serialConsoleAccess:SerialConsoleAccess": ({ props }) =>
      requireOneOf(props.at("enabled"), ["false"], "true"),
    ...each(azureMachineTypes, function* (subject) {
      yield* attempt(function* () {
        const boot = azureProfile(subject).at("diagnosticsProfile", "bootDiagnostics", "storageUri");
        if (given(boot) && isNode(subject)) {
          yield {
            at: boot,
            found: "keeps screenshots and the serial log in a store of its own",
            mend: "Leave it out: the platform keeps it.",
          };
        }
      });
    }),
  },
};

import * as gcp from "../../../../policies/rules/ingress/gcp.ts";
import { type Cases, of, table, U } from "../kit.ts";
import { bastion, config, firewall, gcpIn, gcpTwins, halves, policyRule } from "./scenes.ts";

export const gcpCases: readonly Cases[] = [
  table(gcp.firewallNoTriedPorts, gcpIn({}), {
    config,
    passes: [
      gcpIn({ sourceRanges: undefined, sourceTags: ["bastion"] }),
      gcpIn({ sourceRanges: ["0.0.0.0/0"], disabled: true }),
      gcpIn({ sourceRanges: ["203.0.113.1/32"], targetServiceAccounts: ["bastion@p.iam.gserviceaccount.com"] }),
    ],
    fails: [
      gcpIn({ sourceRanges: ["0.0.0.0/0"] }),
      gcpIn({ sourceRanges: halves }),
      gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "all" }] }),
      gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "6", ports: ["20-25"] }] }),
      gcpIn({ sourceRanges: [U, "::/0"] }),
    ],
    unknown: [gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: [U] }] })],
    omitted: [
      [gcpIn({ sourceRanges: undefined }), "fails"],
      [gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp" }] }), "fails"],
      [gcpIn({ allows: undefined }), "passes"],
    ],
    twins: gcpTwins,
  }),
  table(gcp.firewallNoPublic, gcpIn({}), {
    config,
    passes: [
      gcpIn({ sourceRanges: undefined, sourceServiceAccounts: [U] }),
      of("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", {
        rules: [
          {
            action: "deny",
            priority: 1,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] },
          },
          {
            action: "allow",
            priority: 1,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp", ports: ["8080"] }] },
          },
        ],
      }),
    ],
    fails: [
      gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: ["8080"] }] }),
      gcpIn({ sourceRanges: ["198.51.100.0/29"] }),
      gcpIn({ sourceRanges: ["any"] }),
      of("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", {
        rules: [
          {
            action: "deny",
            priority: 2,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] },
          },
          {
            action: "allow",
            priority: 1,
            match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp", ports: ["8080"] }] },
          },
        ],
      }),
    ],
    unknown: [gcpIn({ sourceRanges: [U] }), gcpIn({ sourceRanges: U })],
    omitted: [
      [gcpIn({ sourceRanges: undefined }), "fails"],
      [gcpIn({ sourceRanges: [] }), "fails"],
    ],
    twins: gcpTwins,
  }),
  table(gcp.firewallNoDefaults, of(firewall, { name: "logos-ssh", network: "logos" }), {
    passes: [{ network: "projects/p/global/networks/logos" }],
    fails: [{ name: "default-allow-ssh" }, { network: "default" }, { network: "projects/p/global/networks/default" }],
    later: [{ network: U }],
    omitted: [["name", "passes"]],
    twins: [{ network: "global/networks/default" }],
  }),
  table(
    gcp.firewallEgress,
    gcpIn({
      direction: "EGRESS",
      sourceRanges: undefined,
      destinationRanges: ["199.36.153.8/30"],
      allows: [{ protocol: "tcp", ports: ["443"] }],
    }),
    {
      passes: [gcpIn({ direction: "EGRESS", destinationRanges: ["10.0.0.0/8"], allows: [{ protocol: "all" }] })],
      fails: [
        { destinationRanges: ["0.0.0.0/0"] },
        { destinationRanges: halves },
        { allows: [{ protocol: "all" }] },
        { destinationRanges: ["::/0"] },
      ],
      unknown: [{ destinationRanges: [U] }],
      omitted: [["destinationRanges", "fails"]],
      twins: [
        of(policyRule, {
          action: "allow",
          direction: "EGRESS",
          priority: 1,
          match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp" }] },
        }),
      ],
    },
  ),
  table(gcp.noExternalAddress, of("gcp:compute/instance:Instance", { networkInterfaces: [{ network: "n" }] }), {
    passes: [
      of("gcp:compute/instance:Instance", { networkInterfaces: [{ accessConfigs: [{}] }] }, { within: bastion }),
      { "networkInterfaces[0].accessConfigs": [] },
    ],
    fails: [
      { "networkInterfaces[0].accessConfigs": [{}] },
      { "networkInterfaces[0].accessConfigs": [{ natIp: U }] },
      { "networkInterfaces[0].ipv6AccessConfigs": [{ networkTier: "PREMIUM" }] },
    ],
    unknown: [{ "networkInterfaces[0].accessConfigs": U }],
    omitted: [["networkInterfaces", "passes"]],
    twins: [
      of("gcp:compute/instanceTemplate:InstanceTemplate", { networkInterfaces: [{ accessConfigs: [{}] }] }),
      of("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", { networkInterfaces: [{ accessConfigs: [{}] }] }),
      of("gcp:compute/instanceFromTemplate:InstanceFromTemplate", { networkInterfaces: [{ accessConfigs: [{}] }] }),
    ],
  }),
  table(gcp.noForwarding, of("gcp:compute/instance:Instance", { canIpForward: false }), {
    passes: [of("aws:ec2/instance:Instance", { sourceDestCheck: true })],
    fails: [
      { canIpForward: true },
      of("azure-native:network:NetworkInterface", { enableIPForwarding: true }),
      of("aws:ec2/instance:Instance", { sourceDestCheck: false }),
    ],
    unknown: [{ canIpForward: U }],
    omitted: [
      ["canIpForward", "passes"],
      [of("aws:ec2/networkInterface:NetworkInterface"), "passes"],
    ],
    twins: [
      of("gcp:compute/instanceTemplate:InstanceTemplate", { canIpForward: true }),
      of("aws:ec2/networkInterface:NetworkInterface", { sourceDestCheck: false }),
      of("azure-native:compute:VirtualMachineScaleSet", {
        virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [{ enableIPForwarding: true }] } },
      }),
    ],
  }),
  table(gcp.privateGoogleAccess, of("gcp:compute/subnetwork:Subnetwork", { privateIpGoogleAccess: true }), {
    passes: [of("gcp:compute/subnetwork:Subnetwork", { purpose: "REGIONAL_MANAGED_PROXY" })],
    fails: [
      { privateIpGoogleAccess: false },
      { privateIpGoogleAccess: null },
      { privateIpGoogleAccess: "false", purpose: "PRIVATE" },
    ],
    unknown: [{ privateIpGoogleAccess: U }],
    omitted: [["privateIpGoogleAccess", "fails"]],
    twins: "No other token makes a subnetwork of GCP in this SDK.",
  }),
];

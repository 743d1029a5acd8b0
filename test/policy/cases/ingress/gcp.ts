import * as gcp from "../../../../policies/rules/ingress/gcp.ts";
import { at, type Cases, of, table, U } from "../kit.ts";
import { firewallPorts, firewallReads, firewallWaysOut } from "./flows.ts";
import { bastion, config, firewall, gcpIn, gcpTwins, halves, policyRule } from "./scenes.ts";

const instance = "gcp:compute/instance:Instance";
const [one, another] = ["bastion@p.iam.gserviceaccount.com", "second@p.iam.gserviceaccount.com"];
/** From an operator to the machines of some service accounts. */
const toAccounts = (...targetServiceAccounts: readonly string[]) =>
  gcpIn({ sourceRanges: ["203.0.113.1/32"], targetServiceAccounts });
const probes = ["130.211.0.0/22", "35.191.0.0/16"];
const proxied = { allows: [{ protocol: "tcp", ports: ["8080"] }] };
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const forwarding = { networkInterfaceConfigurations: [{}, { enableIPForwarding: true }] };

export const gcpCases: readonly Cases[] = [
  table(gcp.firewallNoTriedPorts, gcpIn({}), {
    config,
    passes: [
      ...firewallPorts.passes,
      gcpIn({ sourceRanges: undefined, sourceTags: ["bastion"] }),
      gcpIn({ sourceRanges: ["0.0.0.0/0"], disabled: true }),
      toAccounts(one),
      toAccounts(one, another),
    ],
    fails: [
      ...firewallPorts.fails,
      at(gcpIn({ sourceRanges: ["0.0.0.0/0"] }), "allows[0]"),
      toAccounts(),
      toAccounts(U),
      toAccounts(one, "node@p.iam.gserviceaccount.com"),
      toAccounts("node@p.iam.gserviceaccount.com"),
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
      ...firewallReads.passes,
      gcpIn({ sourceRanges: undefined, sourceServiceAccounts: [U] }),
      gcpIn({ sourceRanges: probes, ...proxied }),
      gcpIn({ sourceRanges: ["35.191.3.0/24"], ...proxied }),
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
      ...firewallReads.fails,
      gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: ["8080"] }] }),
      gcpIn({ sourceRanges: ["198.51.100.0/29"] }),
      gcpIn({ sourceRanges: [...probes, "198.51.100.0/29"], ...proxied }),
      gcpIn({ sourceRanges: ["35.190.0.0/15"], ...proxied }),
      at(gcpIn({ sourceRanges: [...probes, "35.191.0.0/36"], ...proxied }), "allows[0]", "sourceRanges[2]"),
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
    unknown: [...firewallReads.unknown, gcpIn({ sourceRanges: [U] }), gcpIn({ sourceRanges: U })],
    omitted: [
      [gcpIn({ sourceRanges: undefined }), "fails"],
      [gcpIn({ sourceRanges: [] }), "fails"],
    ],
    twins: gcpTwins,
  }),
  table(gcp.firewallNoDefaults, of(firewall, { name: "logos-ssh", network: "logos" }), {
    passes: [
      { network: "projects/p/global/networks/logos" },
      { network: "projects/p/global/networks/default-logos", name: "no-default-allow-rules" },
    ],
    fails: [
      at({ name: "default-allow-ssh" }, "name"),
      at({ network: "default" }, "network"),
      { network: "projects/p/global/networks/default" },
    ],
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
      passes: [
        ...firewallWaysOut.passes,
        gcpIn({ direction: "EGRESS", destinationRanges: ["10.0.0.0/8"], allows: [{ protocol: "all" }] }),
      ],
      fails: [
        ...firewallWaysOut.fails,
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
      at({ "networkInterfaces[0].accessConfigs": [{}] }, "networkInterfaces[0].accessConfigs"),
      { "networkInterfaces[0].accessConfigs": {} },
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
  table(gcp.noForwarding, of(instance, { canIpForward: false }), {
    passes: [of("aws:ec2/instance:Instance", { sourceDestCheck: true })],
    fails: [
      at({ canIpForward: true }, "canIpForward"),
      at(of("azure-native:network:NetworkInterface", { enableIPForwarding: true }), "enableIPForwarding"),
      at(of("aws:ec2/instance:Instance", { sourceDestCheck: false }), "sourceDestCheck"),
    ],
    unknown: [{ canIpForward: U }],
    omitted: [
      ["canIpForward", "passes"],
      [of("aws:ec2/networkInterface:NetworkInterface"), "passes"],
      [of("aws:ec2/instance:Instance"), "passes"],
    ],
    twins: [
      of("gcp:compute/instanceTemplate:InstanceTemplate", { canIpForward: true }),
      of("aws:ec2/networkInterface:NetworkInterface", { sourceDestCheck: false }),
      of("aws:ec2/spotInstanceRequest:SpotInstanceRequest", { sourceDestCheck: false }),
      at(
        of(vmss, { virtualMachineProfile: { networkProfile: forwarding } }),
        "virtualMachineProfile.networkProfile.networkInterfaceConfigurations[1].enableIPForwarding",
      ),
      of("azure-native:compute:VirtualMachine", { networkProfile: forwarding }),
      of("azure-native:compute:VirtualMachineScaleSetVM", { networkProfileConfiguration: forwarding }),
    ],
  }),
  table(gcp.privateGoogleAccess, of("gcp:compute/subnetwork:Subnetwork", { privateIpGoogleAccess: true }), {
    passes: [{ purpose: "PRIVATE" }, of("gcp:compute/subnetwork:Subnetwork", { purpose: "REGIONAL_MANAGED_PROXY" })],
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

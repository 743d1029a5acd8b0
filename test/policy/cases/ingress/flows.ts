import { at, of, U } from "../kit.ts";
import { allow, azureIn, gcpIn, inline, nsg, policyRule, sgIn } from "./scenes.ts";

/** How rules of the three clouds are read: what a denial closes, who is at the other end, which way a rule is for. */

const everybody = { ...allow, priority: 200, sourceAddressPrefix: "*" };
const deny = {
  ...allow,
  access: "Deny",
  sourceAddressPrefix: "*",
  protocol: "*",
  destinationPortRange: "*",
};
const cloud = { ...everybody, sourceAddressPrefix: "AzureCloud" };
const group = (...securityRules: readonly object[]) => of(nsg, { securityRules });

/** Of an Azure group without public peers. */
export const nsgReads = {
  passes: [
    group(deny, everybody),
    group(deny, cloud),
    group({ ...deny, destinationAddressPrefix: "VirtualNetwork" }, everybody),
    group({ ...deny, destinationAddressPrefix: "", sourcePortRange: "", sourcePortRanges: ["*"] }, everybody),
    group({ ...deny, destinationPortRange: "", destinationPortRanges: ["80", "20-25"] }, everybody),
    group({ ...deny, access: "deny", direction: "inbound", protocol: "tcp" }, everybody),
    group({ ...deny, sourceAddressPrefix: "Internet" }, { ...everybody, sourceAddressPrefix: "198.51.100.0/24" }),
    azureIn({ sourceAddressPrefix: "", sourceAddressPrefixes: ["10.0.0.0/8", "VirtualNetwork"] }),
    azureIn({ sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [{ id: U }] }),
    azureIn({ direction: "outbound", destinationAddressPrefix: "Storage.WestEurope", destinationPortRange: "443" }),
    // Azure's own tunnel asks for it.
    azureIn({
      sourceAddressPrefix: "GatewayManager",
      destinationAddressPrefix: "10.0.0.64/26",
      destinationPortRange: "443",
    }),
    of("azure-native:network:AdminRule", {
      ...allow,
      access: "AlwaysAllow",
      sources: [{ addressPrefix: "10.0.0.0/8" }],
      destinationPortRanges: ["22"],
    }),
    of("azure-native:network:AdminRule", {
      ...allow,
      destinationAddressPrefix: undefined,
      sources: [{ addressPrefix: "203.0.113.1" }],
      destinations: [{ addressPrefix: "10.0.0.2/32" }],
      destinationPortRanges: ["22"],
    }),
  ],
  fails: [
    // A denial for a part of the network, of its packets or of the time closes that part alone.
    at(group({ ...deny, destinationAddressPrefix: "10.0.0.5" }, everybody), "securityRules[1]"),
    group({ ...deny, destinationAddressPrefix: undefined, destinationAddressPrefixes: ["*", "10.0.0.5"] }, everybody),
    group({ ...deny, destinationAddressPrefix: "AzureLoadBalancer" }, everybody),
    group({ ...deny, destinationAddressPrefix: U }, everybody),
    group({ ...deny, destinationApplicationSecurityGroups: [{ id: "x" }] }, everybody),
    group({ ...deny, sourcePortRange: "1024" }, everybody),
    group({ ...deny, sourcePortRanges: ["1024-2048"] }, everybody),
    group({ ...deny, direction: U }, everybody),
    group({ ...deny, direction: "Outbound" }, everybody),
    group({ ...deny, access: U }, everybody),
    group({ ...deny, priority: U }, everybody),
    group({ ...deny, priority: undefined }, everybody),
    group({ ...deny, priority: "100" }, everybody),
    group({ ...deny, protocol: "Udp" }, everybody),
    group({ ...deny, protocol: "tcp6" }, everybody),
    group({ ...deny, protocol: U }, everybody),
    group({ ...deny, destinationPortRange: "3389" }, everybody),
    group({ ...deny, destinationPortRange: "ssh" }, everybody),
    group({ ...deny, sourceAddressPrefix: "0x0" }, everybody),
    group(deny, { ...everybody, priority: U }),
    group(deny, { ...everybody, priority: undefined }),
    at(group({ ...deny, priority: 300 }, cloud), "securityRules[1]"),
    at(group({ ...deny, destinationPortRange: "3389" }, cloud), "securityRules[1]"),
    group({ ...deny, sourceAddressPrefix: "0.0.0.0/0" }, cloud),
    at(azureIn({ sourceAddressPrefix: "GatewayManager" }), "securityRules[0]"),
    at(azureIn({ sourceAddressPrefix: "0x0" }), "securityRules[0].sourceAddressPrefix"),
    at(azureIn({ sourceAddressPrefix: "Internet/0" }), "securityRules[0].sourceAddressPrefix"),
    at(azureIn({ sourceAddressPrefix: "*", destinationPortRange: U }), "securityRules[0]"),
    azureIn({ sourceAddressPrefix: "*", access: U }),
    azureIn({ sourceAddressPrefix: "*", access: undefined }),
    azureIn({ sourceAddressPrefix: "*", direction: undefined }),
    // Either way could be meant.
    azureIn({ sourceAddressPrefix: "*", direction: U }),
    azureIn({ direction: U, destinationPortRange: "*" }),
    azureIn({ direction: "Outbound", destinationAddressPrefix: "*", destinationPortRange: U }),
    of("azure-native:network:AdminRule", {
      ...allow,
      destinationAddressPrefix: undefined,
      sources: [{ addressPrefix: "203.0.113.1" }],
      destinations: [{ addressPrefix: "10.0.0.2/32" }, { addressPrefix: "10.0.0.9/32" }],
      destinationPortRanges: ["22"],
    }),
  ],
  unknown: [
    azureIn({ sourceAddressPrefix: undefined, sourceAddressPrefixes: ["10.0.0.0/8", U] }),
    at(
      azureIn({
        sourceAddressPrefix: "GatewayManager",
        destinationAddressPrefix: "10.0.0.64/26",
        destinationPortRange: U,
      }),
      "securityRules[0].destinationPortRange",
    ),
  ],
};

/** Of ports that are tried first, by Azure's rules. */
export const nsgPorts = {
  passes: [
    azureIn({ sourceAddressPrefix: "*", destinationPortRange: "8080" }),
    azureIn({ sourceAddressPrefix: "*", protocol: "*", destinationPortRange: "", destinationPortRanges: ["8080"] }),
    azureIn({ destinationPortRange: U }),
  ],
  fails: [
    azureIn({ sourceAddressPrefix: "*", destinationPortRange: "http-alt" }),
    azureIn({ sourceAddressPrefix: "*", destinationPortRange: "", destinationPortRanges: ["8080", "x"] }),
    azureIn({ sourceAddressPrefix: "*", destinationPortRange: undefined }),
  ],
};

const web = {
  action: "allow",
  direction: "INGRESS",
  priority: 2,
  match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "tcp", ports: ["8080"] }] },
};
const none = {
  action: "deny",
  direction: "INGRESS",
  priority: 1,
  match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] },
};
const layers = (...layer4Configs: readonly object[]) => ({ match: { ...none.match, layer4Configs } });
const matching = (match: object) => ({ match: { ...web.match, ...match } });
const policy = (...rules: readonly object[]) =>
  of("gcp:compute/regionNetworkFirewallPolicyWithRules:RegionNetworkFirewallPolicyWithRules", { rules });

/** Of a firewall of GCP without public peers. */
export const firewallReads = {
  passes: [
    policy(none, web),
    policy({ ...none, disabled: false, direction: undefined, description: "x", targetServiceAccounts: [] }, web),
    policy({ ...none, ...layers({ ipProtocol: "udp" }, { ipProtocol: "tcp", ports: ["80", "8000-9000"] }) }, web),
    policy({ ...none, priority: undefined }, { ...web, priority: 1000 }),
    policy({ ...none, ...layers({}) }, web),
    policy({ ...web, ...matching({ srcIpRanges: ["10.0.0.0/8"] }) }),
    policy({ ...web, disabled: true }),
    policy({ ...web, direction: "EGRESS" }),
    policy({ ...web, ...matching({ srcIpRanges: [], srcSecureTags: [{ name: "tagValues/1" }] }) }),
    gcpIn({ sourceRanges: [], sourceTags: ["node"] }),
    gcpIn({ direction: "EGRESS", sourceRanges: undefined, sourceTags: [] }),
    gcpIn({ allows: undefined, sourceRanges: ["0.0.0.0/0"], denies: [{ protocol: "all" }] }),
    gcpIn({ sourceRanges: ["0.0.0.0/0"], disabled: true }),
  ],
  fails: [
    // A denial for some machines, of some packets or for some of the time closes that part alone.
    at(policy({ ...none, targetServiceAccounts: ["a@b"] }, web), "rules[1]"),
    policy({ ...none, targetResources: [U] }, web),
    policy({ ...none, match: { ...none.match, destIpRanges: ["10.0.0.5/32"] } }, web),
    policy({ ...none, match: { ...none.match, srcNetworks: ["n"] } }, web),
    policy({ ...none, match: U }, web),
    policy({ ...none, disabled: true }, web),
    policy({ ...none, disabled: U }, web),
    policy({ ...none, direction: "EGRESS" }, web),
    policy({ ...none, direction: U }, web),
    policy({ ...none, action: U }, web),
    policy({ ...none, action: undefined }, { ...web, disabled: true }),
    policy({ ...none, priority: U }, web),
    policy({ ...none, priority: undefined }, { ...web, priority: 999 }),
    policy(none, { ...web, priority: U }),
    policy({ ...none, ...layers({ ipProtocol: "udp" }, { ipProtocol: "tcp", ports: ["22"] }) }, web),
    policy(
      { ...none, ...layers({ ipProtocol: "tcp", ports: ["8080", "x"] }) },
      {
        ...web,
        ...matching({ layer4Configs: [{ ipProtocol: "tcp" }] }),
      },
    ),
    policy({ ...none, ...layers({ ipProtocol: "tcp", ports: ["x"] }) }, web),
    policy({ ...none, ...layers({ ipProtocol: "web" }) }, web),
    // Places and names are of others, whatever ranges stand beside them.
    ...["srcFqdns", "srcRegionCodes", "srcThreatIntelligences", "srcAddressGroups"].map((key) =>
      at(policy({ ...web, ...matching({ srcIpRanges: ["10.0.0.0/8"], [key]: ["x"] }) }), "rules[0]"),
    ),
    policy({ ...web, ...matching({ srcIpRanges: undefined, srcRegionCodes: ["DE"] }) }),
    policy({ ...web, ...matching({ srcIpRanges: ["35.191.0.0/16"], srcRegionCodes: ["DE"] }) }),
    policy({ ...web, ...matching({ srcIpRanges: undefined }) }),
    policy({ ...web, ...matching({ layer4Configs: undefined }) }),
    policy({ ...web, direction: U }),
    at(gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: [U] }] }), "allows[0]"),
    at(gcpIn({ sourceRanges: ["10.0.0.0", "010.0.0.0/8"] }), "sourceRanges[1]"),
    gcpIn({ sourceRanges: ["0.0.0.0/0"], disabled: U }),
    gcpIn({ sourceRanges: ["0.0.0.0/0"], direction: U }),
  ],
  unknown: [
    at(policy({ ...web, match: U }), "rules[0].match"),
    at(policy({ ...web, ...matching({ srcIpRanges: ["10.0.0.0/8"], srcFqdns: U }) }), "rules[0].match.srcFqdns"),
  ],
};

/** Of ports that are tried first, by GCP's rules. */
export const firewallPorts = {
  passes: [
    gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: ["8080"] }] }),
    policy(web),
    gcpIn({ allows: [{ protocol: "tcp", ports: [U] }] }),
  ],
  fails: [
    gcpIn({ sourceRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: ["8080", "http"] }] }),
    policy({ ...web, ...matching({ layer4Configs: [{ ipProtocol: "tcp", ports: ["8080"] }, { ipProtocol: "tcp" }] }) }),
    policy({ ...web, ...matching({ layer4Configs: [] }) }),
  ],
};

/** Of what may go out of GCP's networks. */
export const firewallWaysOut = {
  passes: [
    policy({ ...web, direction: "egress", ...matching({ destIpRanges: ["10.0.0.0/8"] }) }),
    policy({ ...web, action: "DENY", direction: "EGRESS" }),
  ],
  fails: [
    policy({ ...web, direction: "EGRESS" }),
    policy({ ...web, direction: U, ...matching({ destIpRanges: ["0.0.0.0/0"] }) }),
    gcpIn({ direction: U, destinationRanges: ["0.0.0.0/0"] }),
    gcpIn({ direction: "EGRESS", destinationRanges: ["0.0.0.0/0"], allows: [{ protocol: "tcp", ports: [U] }] }),
  ],
};

/** Of SSH to machines that are not the bastion. */
export const entryReads = {
  passes: [
    inline({ self: true, fromPort: 6818, toPort: 6818 }),
    inline({ self: false }),
    inline({ cidrBlocks: ["10.0.0.2/32"], fromPort: U, toPort: U }),
    inline({ cidrBlocks: ["10.0.0.0/8"], protocol: "udp" }),
    azureIn({ destinationPortRange: "6818", protocol: "*" }),
    azureIn({ sourceAddressPrefix: "AzureLoadBalancer" }),
    azureIn({ access: "Deny" }),
    azureIn({ direction: "Outbound", sourceAddressPrefix: "10.0.0.0/8", destinationAddressPrefix: "10.0.0.0/8" }),
    { ...of(sgIn, { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: U }), name: "bastion" },
  ],
  fails: [
    // Machines that are not told apart: each of them could log in.
    at(inline({ self: true }), "ingress[0]"),
    inline({ self: true, protocol: "-1", fromPort: 0, toPort: 0 }),
    at(inline({ prefixListIds: ["pl-1"] }), "ingress[0]"),
    at(of(sgIn, { ipProtocol: "tcp", fromPort: 22, toPort: 22, prefixListId: U }), ""),
    at(azureIn({}), "securityRules[0]"),
    azureIn({ sourceAddressPrefix: "AzureCloud" }),
    gcpIn({ allows: [{ protocol: "tcp6", ports: ["22"] }] }),
    of(policyRule, { ...web, ...matching({ srcIpRanges: ["10.0.0.0/8"], layer4Configs: [{ ipProtocol: "all" }] }) }),
  ],
};

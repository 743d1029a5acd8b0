import { parseRange } from "../../../core/guard/addresses.ts";
import { covers, isEmpty, union } from "../../../core/guard/intervals.ts";
import { googleRanges } from "../../../core/guardrails.ts";
import { requireFalse, requireTrue } from "../../require.ts";
import { attempt, each, type Rule, type Subject } from "../../rule.ts";
import { awsInstances, azureInterfaces, azureMachineTypes, gcpMachineTypes } from "../machines.ts";
import { refuseWhatIsLeft, triedPorts } from "./aws.ts";
import { isBastion, refuseOpenEgress, refuseOutside, refuseOutsideTo } from "./flow.ts";
import { firewall, firewallFlows, firewalls } from "./flows-gcp.ts";

const healthChecks = union(...googleRanges.healthChecks.map((range) => parseRange(range) ?? []));

/** The bastion's firewall by its name, or by whom it is for. */
function asBastion(subject: Subject): Subject {
  const { bastion } = subject.config;
  const targets = subject.props.items("targetServiceAccounts");
  const isFor =
    targets.length > 0 &&
    targets.every((one) => !one.unknown && bastion.serviceAccounts.some((account) => account === one.string()));
  return isFor ? { ...subject, types: [...subject.types, "logos:substrate:Bastion"] } : subject;
}

export const firewallNoTriedPorts: Rule = {
  id: "N12",
  name: "firewall-no-tried-ports",
  title: "No firewall rule opens SSH, RDP, FTP, web or database ports to addresses that nobody declared.",
  family: "ingress",
  severity: "critical",
  reason: "These ports are tried within minutes after an address appears.",
  remediation: "sourceServiceAccounts: [bastion.email], or at the bastion sourceRanges: operatorRanges",
  upstream: [
    "CKV_GCP_2",
    "CKV_GCP_3",
    "CKV_GCP_75",
    "CKV_GCP_77",
    "CKV_GCP_88",
    "CKV_GCP_106",
    "GCP-0070",
    "GCP-0071",
    "firewall-restrict-ssh-ingress",
    "firewall-restrict-rdp-ingress",
    "firewall-no-http-ingress",
    "CIS-GCP-3.6",
    "CIS-GCP-3.7",
  ],
  checks: each(firewalls, function* (subject) {
    const judged = asBastion(subject);
    for (const flow of firewallFlows(subject)) yield* attempt(() => refuseOutsideTo(judged, flow, triedPorts));
  }),
};

export const firewallNoPublic: Rule = {
  id: "N13",
  name: "firewall-no-public-ingress",
  title:
    "No firewall rule lets in addresses that nobody declared, on any port; what a denial before it closes is closed.",
  family: "ingress",
  severity: "critical",
  reason: "A rule that names no source means anybody, on every port when it names none.",
  remediation: "Name sourceServiceAccounts, sourceTags or private sourceRanges.",
  upstream: ["CKV2_GCP_12", "GCP-0027", "GCP-0072", "GCP-0074", "firewall-no-public-ingress", "firewall-strict"],
  checks: each(firewalls, function* (subject) {
    const judged = asBastion(subject);
    const flows = firewallFlows(subject);
    if (flows.some(({ allow }) => !allow)) yield* refuseWhatIsLeft(judged, flows, "deny");
    else
      for (const flow of flows) {
        // Google's health checks reach machines from these alone, and from them nobody else does.
        const { ranges, tags, outcomes } = flow.peers;
        const isHealthCheck = [...outcomes, ...tags].length === 0 && !isEmpty(ranges) && covers(healthChecks, ranges);
        if (!isHealthCheck) yield* attempt(() => refuseOutside(judged, flow));
      }
  }),
};

export const firewallNoDefaults: Rule = {
  id: "N14",
  name: "firewall-no-defaults",
  title: "The default network's firewall rules are not kept.",
  family: "ingress",
  severity: "medium",
  reason: "They open SSH, RDP and everything internal to whatever joins the network.",
  remediation: "Remove the rule, and the default network with it.",
  upstream: ["CKV2_GCP_18", "GCP-0073"],
  checks: {
    [firewall]: function* ({ props }) {
      yield* attempt(function* () {
        const name = props.at("name");
        if (name.matches(/^default-allow-/)) yield { at: name, found: "is a rule of the default network" };
      });
      yield* attempt(function* () {
        const network = props.at("network");
        if (network.matches(/(^|\/)default$/)) yield { at: network, found: "is the default network" };
      });
    },
  },
  knownAtUpdate: ["network", "name"],
};

export const firewallEgress: Rule = {
  id: "N15",
  name: "firewall-egress-allow-list",
  title: "Egress rules let out to an allow-list only.",
  family: "ingress",
  severity: "high",
  reason: "What runs in a proof could send anything anywhere.",
  remediation:
    'direction: "EGRESS", destinationRanges: ["199.36.153.8/30"], allows: [{ protocol: "tcp", ports: ["443"] }]',
  upstream: ["GCP-0035"],
  checks: each(firewalls, function* (subject) {
    for (const flow of firewallFlows(subject)) yield* attempt(() => refuseOpenEgress(flow));
  }),
};

export const noExternalAddress: Rule = {
  id: "N16",
  name: "no-external-address",
  title: "No instance or template but the bastion's has an external address.",
  family: "ingress",
  severity: "critical",
  reason: "An accessConfigs list, even an empty entry in it, gives an external address.",
  remediation: "Leave out accessConfigs and ipv6AccessConfigs.",
  upstream: [
    "CKV_GCP_40",
    "GCP-0031",
    "compute-engine-instance-not-publicly-accessible",
    "managed-instance-group-launch-template-public-ip-disabled",
    "CIS-GCP-4.9",
  ],
  checks: each(gcpMachineTypes, function* (subject) {
    if (isBastion(subject)) return;
    for (const one of subject.props.items("networkInterfaces")) {
      for (const key of ["accessConfigs", "ipv6AccessConfigs"]) {
        yield* attempt(function* () {
          if (one.count(key) > 0) yield { at: one.at(key), found: "gives an external address" };
        });
      }
    }
  }),
};

export const noForwarding: Rule = {
  id: "N17",
  name: "no-forwarding",
  title: "No machine forwards packets for others.",
  family: "ingress",
  severity: "high",
  reason: "A node that forwards is a way around every firewall rule between two networks.",
  remediation: "canIpForward: false, enableIPForwarding: false, sourceDestCheck: true",
  upstream: ["CKV_GCP_36", "CKV_AZURE_118", "GCP-0043", "AZU-0075", "CIS-GCP-4.6"],
  checks: {
    ...each(gcpMachineTypes, ({ props }) => requireFalse(props.at("canIpForward"))),
    "azure-native:network:NetworkInterface": ({ props }) => requireFalse(props.at("enableIPForwarding")),
    ...each(azureMachineTypes, function* (subject) {
      for (const one of azureInterfaces(subject)) yield* requireFalse(one.at("enableIPForwarding"));
    }),
    ...each([...awsInstances, "aws:ec2/networkInterface:NetworkInterface"], ({ props }) =>
      requireTrue(props.at("sourceDestCheck"), true),
    ),
  },
};

export const privateGoogleAccess: Rule = {
  id: "N18",
  name: "private-google-access",
  title: "Subnetworks reach Google's services without external addresses.",
  family: "ingress",
  severity: "medium",
  reason: "Without it a node needs a way to the internet for its own stores.",
  remediation: "privateIpGoogleAccess: true",
  upstream: ["CKV_GCP_74", "CKV_GCP_76", "GCP-0075"],
  checks: {
    "gcp:compute/subnetwork:Subnetwork": function* ({ props }) {
      yield* attempt(function* () {
        // Subnets of proxies and of private service connect carry no machines.
        const purpose = props.string("purpose") ?? "PRIVATE";
        if (purpose === "PRIVATE") yield* requireTrue(props.at("privateIpGoogleAccess"));
      });
    },
  },
};

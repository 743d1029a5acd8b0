import { contains, overlaps, parseAddress, parseCidr } from "../../../core/net.ts";
import { textAt } from "../cloud/paths.ts";
import { CloudError, type Row } from "../cloud/table.ts";
import {
  account,
  global,
  inProject,
  name,
  network,
  project,
  region,
  regional,
  selfLink,
  subnetwork,
} from "./common.ts";

export const networkRows: Readonly<Record<string, Row>> = {
  "gcp:compute/network:Network": {
    name,
    id: global("networks"),
    outputs: { selfLink, project: inProject },
    handles: ["selfLink", "name"],
    replaceOn: ["name", "autoCreateSubnetworks", "deleteDefaultRoutesOnCreate", "description"],
  },
  "gcp:compute/subnetwork:Subnetwork": {
    name,
    id: regional("subnetworks"),
    outputs: {
      selfLink,
      project: inProject,
      region: () => region,
      gatewayAddress: (made) => made.text("ipCidrRange").replace(/\d+\/\d+$/, "1"),
    },
    handles: ["selfLink", "name"],
    required: ["ipCidrRange"],
    references: { network },
    replaceOn: ["name", "network", "ipCidrRange", "region"],
    onCreate: (made, cloud) => {
      const range = parseCidr(textAt(made.inputs, "ipCidrRange") ?? "");
      for (const other of cloud.all("gcp:compute/subnetwork:Subnetwork")) {
        const taken = parseCidr(textAt(other.inputs, "ipCidrRange") ?? "");
        if (other.key === made.key || other.inputs.network !== made.inputs.network) continue;
        if (range !== undefined && taken !== undefined && overlaps(range, taken))
          throw new CloudError(
            `googleapi: Error 400: Invalid IPCidrRange: ${textAt(made.inputs, "ipCidrRange")} conflicts with existing subnetwork '${other.name}', invalidIPCidrRange`,
          );
      }
    },
  },
  "gcp:compute/route:Route": {
    name,
    id: global("routes"),
    outputs: { selfLink, project: inProject },
    references: { network },
    replaceOn: ["*"],
    check: (inputs) =>
      ["nextHopGateway", "nextHopInstance", "nextHopIp", "nextHopIlb", "nextHopVpnTunnel"].some((hop) => hop in inputs)
        ? undefined
        : "a route needs a next hop",
  },
  "gcp:compute/router:Router": {
    name,
    id: regional("routers"),
    outputs: { selfLink, project: inProject, region: () => region },
    handles: ["name", "selfLink"],
    references: { network },
    replaceOn: ["name", "network", "region"],
  },
  "gcp:compute/routerNat:RouterNat": {
    name,
    id: (made) => `${project}/${region}/${made.text("router")}/${made.name}`,
    references: { router: { to: "gcp:compute/router:Router" }, "subnetworks[].name": subnetwork },
    replaceOn: ["name", "router", "region"],
    check: ({ sourceSubnetworkIpRangesToNat, subnetworks }) =>
      sourceSubnetworkIpRangesToNat === "LIST_OF_SUBNETWORKS" && subnetworks === undefined
        ? "LIST_OF_SUBNETWORKS needs subnetworks"
        : undefined,
  },
  "gcp:compute/firewall:Firewall": {
    name,
    id: global("firewalls"),
    outputs: { selfLink, project: inProject },
    references: { network, "targetServiceAccounts[]": account, "sourceServiceAccounts[]": account },
    replaceOn: ["name", "network", "direction"],
    check: (inputs) => {
      const has = (input: string) => inputs[input] !== undefined;
      if (has("allows") === has("denies")) return "a rule either allows or denies";
      if (has("sourceTags") && has("targetServiceAccounts")) return "tags and service accounts cannot be in one rule";
      if (inputs.direction === "EGRESS")
        return has("sourceServiceAccounts") || has("sourceRanges") ? "what goes out has no source" : undefined;
      if (has("destinationRanges")) return undefined;
      return has("sourceRanges") || has("sourceTags") || has("sourceServiceAccounts")
        ? undefined
        : "what comes in needs a source";
    },
  },
  "gcp:compute/address:Address": {
    name,
    id: regional("addresses"),
    outputs: {
      selfLink,
      project: inProject,
      region: () => region,
      address: ({ inputs, cloud }) => {
        const number = cloud.all("gcp:compute/address:Address").length;
        if (inputs.addressType !== "INTERNAL") return `198.51.100.${10 + number}`;
        const subnet = cloud.find("gcp:compute/subnetwork:Subnetwork", textAt(inputs, "subnetwork") ?? "");
        const range = textAt(subnet?.inputs, "ipCidrRange") ?? "";
        return free(
          range,
          new Set(cloud.all("gcp:compute/address:Address").map(({ outputs }) => textAt(outputs, "address") ?? "")),
        );
      },
    },
    handles: ["address", "selfLink", "name"],
    references: { subnetwork },
    replaceOn: ["name", "addressType", "subnetwork", "purpose", "address", "region", "networkTier"],
  },
  "gcp:dns/managedZone:ManagedZone": {
    name: { ...name, unique: "cloud" },
    id: (made) => `projects/${project}/managedZones/${made.name}`,
    outputs: {
      project: inProject,
      managedZoneId: ({ cloud }) => `${cloud.all("gcp:dns/managedZone:ManagedZone").length + 1}`,
    },
    handles: ["name"],
    references: { "privateVisibilityConfig.networks[].networkUrl": network },
    replaceOn: ["name", "dnsName", "visibility"],
    check: ({ dnsName }) =>
      typeof dnsName === "string" && !dnsName.endsWith(".") ? "dnsName must end with a dot" : undefined,
  },
  "gcp:dns/recordSet:RecordSet": {
    id: (made) =>
      `projects/${project}/managedZones/${made.text("managedZone")}/rrsets/${made.text("name")}/${made.text("type")}`,
    outputs: { project: inProject },
    references: { managedZone: { to: "gcp:dns/managedZone:ManagedZone" } },
    replaceOn: ["managedZone", "name"],
  },
};

/** The first address of a range that is free: Google keeps the first two and the last two; ours that are fixed are the fifth. */
function free(range: string, taken: ReadonlySet<string>): string {
  const cidr = parseCidr(range);
  if (cidr === undefined) throw new CloudError("an internal address needs a subnetwork with a range");
  for (let index = 6; index < 14; index++) {
    const address = range.replace(/(\d+)\/\d+$/, (_, first) => `${Number(first) + index}`);
    const parsed = parseAddress(address);
    if (parsed !== undefined && contains(cidr, parsed) && !taken.has(address)) return address;
  }
  throw new CloudError(`googleapi: Error 400: IP_SPACE_EXHAUSTED in ${range}`);
}

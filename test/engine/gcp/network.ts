import type { Made, NameRule, Row } from "../cloud/table.ts";

export const project = "logos-simulated";
export const region = "europe-west3";

/** What most of Compute Engine calls a name: RFC 1035. */
const name: NameRule = {
  input: "name",
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  what: "lower-case letters, digits and hyphens, beginning with a letter",
  max: 63,
  unique: "cloud",
};

const selfLink = ({ id }: Made) => `https://www.googleapis.com/compute/v1/${id}`;

export const network: Readonly<Record<string, Row>> = {
  "gcp:compute/network:Network": {
    name,
    id: (made) => `projects/${project}/global/networks/${made.name}`,
    outputs: { selfLink, project: () => project },
    handles: ["selfLink", "name"],
    replaceOn: ["name", "autoCreateSubnetworks"],
  },
  "gcp:compute/subnetwork:Subnetwork": {
    name,
    id: (made) => `projects/${project}/regions/${region}/subnetworks/${made.name}`,
    outputs: { selfLink, project: () => project, region: () => region },
    handles: ["selfLink", "name"],
    required: ["ipCidrRange"],
    references: { network: { to: "gcp:compute/network:Network" } },
    replaceOn: ["name", "network", "ipCidrRange", "region"],
  },
};

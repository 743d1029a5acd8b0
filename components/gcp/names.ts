import { ManagedZone } from "@pulumi/gcp/dns/managedZone.js";
import { RecordSet } from "@pulumi/gcp/dns/recordSet.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GcpContext } from "./context.ts";
import { restrictedApi } from "./firewall-rules.ts";

const suffix = "googleapis.com.";

/** Google's services by name, on this network: every one of them is the range that machines may reach. */
export function declareNames(
  name: string,
  network: pulumi.Input<string>,
  parent: pulumi.Resource,
  context: GcpContext,
): readonly pulumi.Resource[] {
  const { project, labels } = context;
  const zone = new ManagedZone(
    context.logical(name, "googleapis"),
    {
      project,
      dnsName: suffix,
      description: "Google's services at their restricted addresses",
      visibility: "private",
      privateVisibilityConfig: { networks: [{ networkUrl: network }] },
      labels,
    },
    { parent },
  );
  const record = (part: string, args: { name: string; type: string; rrdatas: string[] }) =>
    new RecordSet(`${name}-${part}`, { project, managedZone: zone.name, ttl: 300, ...args }, { parent });
  return [
    record("restricted", { name: `restricted.${suffix}`, type: "A", rrdatas: [...restrictedApi.addresses] }),
    record("services", { name: `*.${suffix}`, type: "CNAME", rrdatas: [`restricted.${suffix}`] }),
  ];
}

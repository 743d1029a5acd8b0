import type { CloudTable } from "../cloud/table.ts";
import { compute } from "./compute.ts";
import { data } from "./data.ts";
import { network } from "./network.ts";
import { operations } from "./operations.ts";
import { routes } from "./routes.ts";
import { stores } from "./stores.ts";

/** The simulated AWS: one region of one account. */
export const table: CloudTable = {
  package: "aws",
  rows: { ...network, ...routes, ...data, ...stores, ...compute, ...operations },
  configure: ({ region }) =>
    typeof region === "string" ? undefined : "aws:region is not set; `pulumi config set aws:region REGION` sets it",
  wording: {
    notFound: (type, value) => `operation error ${service(type)}: InvalidParameterValue: ${value} does not exist`,
    notYet: (type, value) =>
      `operation error ${service(type)}: Invalid${noun(type)}.NotFound: ${value} is not known yet`,
    inUse: (type, id, by) =>
      `operation error ${service(type)}: DependencyViolation: ${id} has a dependent object, ${by.id} (${by.type}), and cannot be deleted`,
    exists: (type, name) =>
      `operation error ${service(type)}: ${noun(type)}AlreadyExists: there is a ${noun(type)} named ${name}`,
    quota: (type) =>
      `operation error ${service(type)}: ${noun(type)}LimitExceeded: the quota of this account is used up`,
    throttled: (type) => `operation error ${service(type)}: exceeded maximum number of attempts: RequestLimitExceeded`,
  },
};

/** `aws:ec2/vpc:Vpc` is of the service ec2 and a Vpc. */
function service(type: string): string {
  return type.split(":")[1]?.split("/")[0] ?? type;
}

function noun(type: string): string {
  return type.split(":")[2] ?? type;
}

import type { CloudTable } from "../cloud/table.ts";
import { subscription } from "./arm.ts";
import { compute, functions } from "./compute.ts";
import { data } from "./data.ts";
import { monitor } from "./monitor.ts";
import { network } from "./network.ts";

/** The simulated Azure: one subscription. */
export const table: CloudTable = {
  package: "azure-native",
  rows: { ...network, ...data, ...compute, ...monitor },
  functions,
  configure: ({ subscriptionId }) =>
    subscriptionId === undefined || subscriptionId === subscription
      ? undefined
      : `the simulated Azure has no subscription ${String(subscriptionId)}`,
  wording: {
    notFound: (_, value) => `Status=404 Code="ResourceNotFound" Message="${value} was not found"`,
    notYet: (_, value) => `Status=400 Code="PrincipalNotFound" Message="${value} does not exist in the directory"`,
    inUse: (_, id, by) => `Status=400 Code="InUse" Message="${id} is in use by ${by.id} and cannot be deleted"`,
    exists: (_, name) => `cannot create already existing resource '${name}'`,
    quota: (type) => `Status=409 Code="OperationNotAllowed" Message="${type}: approved quota exceeded"`,
    throttled: (type) => `Status=429 Code="TooManyRequests" Message="${type}"`,
  },
};

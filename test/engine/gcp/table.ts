import type { CloudTable } from "../cloud/table.ts";
import { computeRows } from "./compute.ts";
import { dataRows, functions } from "./data.ts";
import { identityRows } from "./identity.ts";
import { networkRows } from "./network.ts";

/** The simulated Google Cloud: one region of one project. */
export const table: CloudTable = {
  package: "gcp",
  rows: { ...networkRows, ...identityRows, ...computeRows, ...dataRows },
  functions,
  configure: ({ project }) =>
    typeof project === "string" ? undefined : "gcp:project is not set; `pulumi config set gcp:project PROJECT` sets it",
  wording: {
    notFound: (_, value) => `googleapi: Error 404: The resource ${value} was not found, notFound`,
    notYet: (_, value) => `googleapi: Error 400: ${value} does not exist, invalid`,
    inUse: (_, id, by) =>
      `googleapi: Error 400: The resource '${id}' is already being used by '${by.id}', resourceInUseByAnotherResource`,
    exists: (_, name) => `googleapi: Error 409: The resource '${name}' already exists, alreadyExists`,
    quota: (type) => `googleapi: Error 403: Quota exceeded for ${type}, quotaExceeded`,
    throttled: (type) => `googleapi: Error 429: Rate limit exceeded for ${type}, rateLimitExceeded`,
  },
};

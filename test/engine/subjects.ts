import type { Subject } from "./subject.ts";

/** What the scenarios can run on, by the name on the command line. */
export const subjects: Readonly<Record<string, () => Promise<Subject>>> = {
  aws: async () => (await import("./aws/config.ts")).aws(),
  azure: async () => (await import("./azure/config.ts")).azure(),
  gcp: async () => (await import("./gcp/subject.ts")).gcp(),
  sample: async () => (await import("./sample/subject.ts")).sample(),
};

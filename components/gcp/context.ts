import { type GcpSettings, regionOf } from "../../core/config/gcp.ts";
import { cloudName, type NameRule, nameRules } from "../../core/names.ts";
import type { Role } from "../../core/roles.ts";

/** The provider puts a hyphen and seven digits behind a name that it makes. */
const autonamed: NameRule = { ...nameRules.gcpResource, most: nameRules.gcpResource.most - 8 };

/**
 * What every part needs to know: where it is, and how things are called there. A name that nobody has to know beforehand
 * gets a random tail from the provider, so that something that is replaced, or that a killed run left behind, never stands
 * in the way. A name that others are told, or of which one alone may exist, follows from the stack.
 */
export class GcpContext {
  readonly settings: GcpSettings;
  readonly stack: string;
  readonly region: string;
  /** Where machines that exist once stand. */
  readonly zone: string;
  readonly project: string;
  /** On everything that takes labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** What the names of all things of this stack begin with. */
  readonly prefix: string;

  constructor(settings: GcpSettings, stack: string) {
    this.settings = settings;
    this.stack = stack;
    const [zone] = settings.zones;
    if (zone === undefined) throw new TypeError("logos:gcp.zones is empty");
    this.zone = zone;
    this.region = regionOf(zone);
    this.project = settings.project;
    this.labels = { "logos-proof-gated": "true", "logos-stack": cloudName(nameRules.gcpResource, [stack]) };
    // As long as the shortest of its uses takes: the group puts a hyphen and four digits behind it.
    this.prefix = cloudName(nameRules.gcpTemplatePrefix, ["logos", stack]);
  }

  /** Pulumi's name of something of which the provider makes the name on Google's side. */
  logical(...parts: readonly string[]): string {
    return cloudName(autonamed, [this.prefix, ...parts]);
  }

  /** The provider puts 26 characters behind it, so that a new template stands beside the old one. */
  get templatePrefix(): string {
    const { gcpTemplatePrefix } = nameRules;
    return `${cloudName({ ...gcpTemplatePrefix, most: gcpTemplatePrefix.most - 1 }, ["logos", this.stack, "node"])}-`;
  }

  /** A name on Google's side that exists once in this stack. */
  fixed(...parts: readonly string[]): string {
    return cloudName(nameRules.gcpResource, [this.prefix, ...parts]);
  }

  accountId(identity: Role | "publisher"): string {
    return cloudName(nameRules.gcpServiceAccount, ["logos", this.stack, identity]);
  }

  /** Address of a service account: known before it stands, so that a preview shows who is meant. */
  accountEmail(identity: Role | "publisher"): string {
    return `${this.accountId(identity)}@${this.project}.iam.gserviceaccount.com`;
  }

  /** Google's own agent of a service in this project. */
  agent(service: string): string {
    return `serviceAccount:service-${this.settings.projectNumber}@${service}.iam.gserviceaccount.com`;
  }
}

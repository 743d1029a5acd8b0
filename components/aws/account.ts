import type { AwsSettings } from "../../core/config/aws.ts";
import { cloudName, nameRules } from "../../core/names.ts";
import { roles } from "../../core/roles.ts";
import { gatedFeature } from "../../core/slurm/names.ts";

/**
 * Where a stack stands, and the names of what its parts must know of each other before it is made: rights are given by
 * them, and user data holds them, so they are known at preview.
 */
export class Account {
  readonly settings: AwsSettings;
  readonly #stack: string;

  constructor(settings: AwsSettings, stack: string) {
    this.settings = settings;
    this.#stack = stack;
  }

  /** Graviton's families have a g behind their number. */
  get isArm(): boolean {
    return /^[a-z]+\d+g\./.test(this.settings.nodeType);
  }

  /** Names of the zones, three of them. */
  get zones(): readonly string[] {
    return [...this.settings.zones].map((letter) => `${this.settings.region}${letter}`);
  }

  /** Every resource carries these. */
  tags(name: string): Record<string, string> {
    return { Name: this.name(name), [gatedFeature]: "true", "logos-stack": this.#stack };
  }

  name(...parts: readonly string[]): string {
    return cloudName(nameRules.iamRole, ["logos", this.#stack, ...parts]);
  }

  /** Roles of machines and people that the stack makes, by their ARNs. */
  get ownRoles(): readonly string[] {
    return [...roles, "operator", "publisher"].map((role) => this.arn("iam", `role/${this.name(role)}`));
  }

  /** What follows the name of the role that Auto Scaling has in this account for us. */
  get scalingSuffix(): string {
    return cloudName(nameRules.autoscalingSuffix, ["logos", this.#stack]);
  }

  /** Buckets are named for the whole world. */
  bucket(store: string): string {
    const { account, region } = this.settings;
    return cloudName(nameRules.s3Bucket, ["logos", this.#stack, store], `${account} ${region}`);
  }

  secret(role: string): string {
    return `logos/${this.#stack}/${role}`;
  }

  /** Name of the alarms' and the policies' own metrics' dimension: one pool a stack. */
  get pool(): string {
    return this.name("pool");
  }

  get logGroup(): string {
    return `/logos/${this.#stack}`;
  }

  arn(service: string, resource: string): string {
    const { region, account } = this.settings;
    return `arn:aws:${service}:${service === "iam" ? "" : region}:${account}:${resource}`;
  }

  bucketArn(store: string): string {
    return `arn:aws:s3:::${this.bucket(store)}`;
  }

  get poolArn(): string {
    return this.arn("autoscaling", `autoScalingGroup:*:autoScalingGroupName/${this.pool}`);
  }
}

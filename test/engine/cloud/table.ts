/**
 * The format of a cloud's table: what the simulated cloud knows about each type of resource beyond what the SDK declares. A type
 * without a row does not exist there.
 */
import type { CloudView, Standing } from "./view.ts";

export type Inputs = Readonly<Record<string, unknown>>;

/** A resource in the making, as the functions of its row see it. */
export interface Made {
  readonly type: string;
  /** The name in the program, for example `builder`. */
  readonly logicalName: string;
  readonly inputs: Inputs;
  /** What its name rule made of the inputs; the logical name where there is no rule. */
  readonly name: string;
  /** Empty while the id itself is made. */
  readonly id: string;
  /** The outputs so far: those named earlier in the row. */
  readonly outputs: Inputs;
  /** An input as text; a {@link CloudError} names the type and the path when there is none. */
  text(path: string): string;
  /** `prefix` and so many hexadecimal digits that this cloud has not given before (17, as AWS has them). */
  fresh(prefix: string, digits?: number): string;
  readonly cloud: CloudView;
}

export interface NameRule {
  /** The input that holds the name. */
  readonly input: string;
  readonly pattern: RegExp;
  /** Completes "must be …". */
  readonly what: string;
  readonly min?: number;
  readonly max: number;
  /** Where two may not share it: in the whole cloud (of the same type), or among those with the same value at a path. */
  readonly unique?: "cloud" | { readonly within: readonly string[] };
  /**
   * What the provider does when none is given: the logical name with a random tail (the default, as the real providers do), or
   * nothing, for resources whose name the cloud chooses or that need one.
   */
  readonly automatic?: boolean;
}

export interface Reference {
  /** Types that the value must name one standing resource of. */
  readonly to: string | readonly string[];
  /** What needs no resource of this stack: an image of the vendor, a policy of the cloud. */
  readonly external?: RegExp;
  /** Whether the other cannot go while this one stands. Default true. */
  readonly holds?: boolean;
  /** The part of the value that names the resource, where it is not the whole. */
  readonly part?: (value: string) => string | undefined;
}

/** A group of machines whose number the cloud's autoscaler moves. */
export interface GroupRule {
  /** The input that would fix the number, for example `desiredCapacity`; also an output that shows it. */
  readonly current: string;
  /** Types beside the group whose inputs hold its bounds or standby: they may change when the pool's bounds do. */
  readonly bounds?: readonly string[];
  /** Bounds, from the group or from what points at it; undefined while there are none. */
  limits(group: Standing, cloud: CloudView): { readonly min: number; readonly max: number } | undefined;
  /** What its machines are made of: when that changes, machines are replaced. */
  template(group: Standing, cloud: CloudView): string;
  /** How: so many more than the number at once, so many fewer; undefined when the group leaves its machines as they are. */
  rolling(group: Standing): { readonly surge: number; readonly unavailable: number } | undefined;
}

/** A machine that commands can be run on over SSH. */
export interface MachineRule {
  /** The address inside its network. */
  privateAddress(machine: Standing, cloud: CloudView): string | undefined;
  /** The address at which the operator reaches it, if it has one. */
  publicAddress(machine: Standing, cloud: CloudView): string | undefined;
  /** Public host keys that it was born with, where they can be told from its inputs; another one is refused, as SSH would. */
  hostKeys?(machine: Standing): readonly string[];
}

export interface Row {
  /** Inputs that the cloud needs though the SDK calls them optional. */
  readonly required?: readonly string[];
  /** Of each group exactly one must be given. */
  readonly exactlyOne?: readonly (readonly string[])[];
  readonly name?: NameRule;
  id(made: Made): string;
  /** Outputs that the cloud computes. What the SDK says is always there and no row makes is `simulated:TYPE:OUTPUT`. */
  readonly outputs?: Readonly<Record<string, (made: Made) => unknown>>;
  /** Outputs that are secret whatever the inputs were: a storage account's keys. */
  readonly secrets?: readonly string[];
  /** Outputs that an update makes anew, so that a preview does not know them: a launch template's `latestVersion`. */
  readonly renewed?: readonly string[];
  /** Inputs and outputs by whose value others may name it. The id always is one. */
  readonly handles?: readonly string[];
  /** Pattern of inputs (`subnetId`, `rules[].groupId`) to what the value must name. */
  readonly references?: Readonly<Record<string, Reference>>;
  /** Inputs whose change makes another resource. A pattern covers what is inside. */
  readonly replaceOn?: readonly string[];
  /** How long after its creation the rest of the cloud does not know it, in milliseconds. */
  readonly settlesAfter?: number;
  /** Whether this type's real provider tries again when what it names is not known yet. Else it fails at once. */
  readonly retries?: boolean;
  /** A rule on the inputs alone that no other field can say: what is wrong, or undefined. Unknown values are `unknown` symbols. */
  check?(inputs: Inputs): string | undefined;
  /** Throws a {@link CloudError} for what the cloud refuses. They run in the same transaction as the change itself. */
  onCreate?(made: Standing, cloud: CloudView): void;
  onUpdate?(next: Standing, old: Standing, cloud: CloudView): void;
  onDelete?(gone: Standing, cloud: CloudView): void;
  /** Outputs as they are now, where the cloud changes them by itself. */
  live?(standing: Standing, cloud: CloudView): Inputs;
  /** Whether its deletion takes another along: an Azure resource group all that lies in it. */
  takesAlong?(gone: Standing, other: Standing): boolean;
  readonly group?: GroupRule;
  readonly machine?: MachineRule;
  /** A captured image, or what only holds one: it may stay in the cloud for rollback when the stack is gone. */
  readonly image?: true;
}

/** How this cloud words its refusals. `type` is the token, `name` the logical name of the resource that is refused. */
export interface Wording {
  notFound(type: string, value: string): string;
  /** Existing, but not known to the rest of the cloud yet. */
  notYet(type: string, value: string): string;
  inUse(type: string, id: string, by: { readonly type: string; readonly id: string }): string;
  exists(type: string, name: string): string;
  quota(type: string): string;
  throttled(type: string): string;
}

export type CloudFunction = (args: Inputs, cloud: CloudView) => Inputs;

export interface CloudTable {
  /** As in the type tokens and in `@pulumi/…`. */
  readonly package: "aws" | "gcp" | "azure-native";
  readonly rows: Readonly<Record<string, Row>>;
  /** Functions that a program may call, by token. */
  readonly functions?: Readonly<Record<string, CloudFunction>>;
  /** What is wrong with the provider's configuration, or undefined. */
  configure?(configuration: Inputs): string | undefined;
  readonly wording: Wording;
}

/** The cloud's refusal. */
export class CloudError extends Error {
  override readonly name = "CloudError";
}

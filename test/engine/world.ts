import { isDeepStrictEqual } from "node:util";
import { changes, type Run } from "../support/stack.ts";
import { autoscale, groupsIn, membersOf } from "./cloud/groups.ts";
import type { GroupRule } from "./cloud/table.ts";
import type { Member, Standing } from "./cloud/view.ts";
import { EngineStack, must } from "./stack.ts";
import type { Subject, Variation } from "./subject.ts";
import type { Workloads } from "./workloads.ts";

/** What did not hold; the message says what was seen. */
export class NotShown extends Error {}

export function hold(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new NotShown(seen);
}

/** One stack of a subject, what it is set to, and its cloud. */
export class World {
  readonly subject: Subject;
  readonly stack: EngineStack;
  readonly #workloads: Workloads;
  #variation: Variation = { pool: { min: 3, max: 6 }, recipe: 0, commit: 0 };

  /** @param lane tells two stacks of a subject apart. */
  constructor(subject: Subject, lane: string, workloads: Workloads) {
    this.subject = subject;
    this.#workloads = workloads;
    const { project, unguarded } = subject;
    this.stack = new EngineStack(`${subject.name}-${lane}`, {
      ...(project === undefined ? {} : { project }),
      ...(unguarded === undefined ? {} : { unguarded }),
    });
    for (const { address, isPublic } of subject.hosts ?? []) this.stack.cloud.setHost(address, isPublic);
  }

  async init(): Promise<void> {
    await this.stack.init(this.#settings());
  }

  get variation(): Variation {
    return this.#variation;
  }

  /** Sets the stack to something else; the next command sees it. */
  set(change: Partial<Variation>): void {
    this.#variation = { ...this.#variation, ...change };
    this.stack.configure(this.#settings());
  }

  async up(): Promise<Run> {
    return must(await this.stack.up(), "up");
  }

  /** Runs a command that must change nothing, in the stack or in the cloud. */
  async changesNothing(what: string, command: () => Promise<Run>): Promise<Run> {
    const before = this.stack.cloud.operations();
    const run = must(await command(), what);
    const { created, updated, replaced, deleted } = changes(run);
    hold(created + updated + replaced + deleted === 0, `${what} changes something:\n${run.output.slice(-3000)}`);
    const asked = this.stack.cloud.operationsSince(before);
    hold(asked.length === 0, `${what} asked the cloud to ${asked.join(", ")}`);
    return run;
  }

  /** The pool, where the subject has a group of machines. */
  get pool(): { readonly rule: GroupRule; readonly group: Standing } {
    const found = this.subject.table === undefined ? [] : groupsIn(this.stack.cloud, this.subject.table.rows);
    const [pool] = found;
    hold(pool !== undefined && found.length === 1, `the cloud has ${found.length} groups of machines, not 1`);
    return pool;
  }

  get members(): readonly Member[] {
    return membersOf(this.pool.group);
  }

  /** Lets the cloud's autoscaler ask for a number. */
  autoscale(wanted: number): void {
    if (this.subject.table === undefined) throw new Error(`${this.subject.name} has no autoscaler`);
    const got = autoscale(this.stack.cloud, this.subject.table.rows, wanted);
    hold(got === wanted, `the group's bounds do not allow ${wanted}: it got ${got}`);
  }

  /** Captured images, and what only holds them. */
  get images(): readonly Standing[] {
    const { table } = this.subject;
    return this.stack.cloud.everything().filter(({ type }) => table?.rows[type]?.image === true);
  }

  /** What stands in the cloud beside images. */
  get standing(): readonly Standing[] {
    const images = new Set(this.images.map(({ key }) => key));
    return this.stack.cloud.everything().filter(({ key }) => !images.has(key));
  }

  /** Every machine of the pool is of the template that the group has now. */
  holdFresh(): void {
    const { rule, group } = this.pool;
    const template = rule.template(group, this.stack.cloud);
    const stale = membersOf(group).filter((member) => member.template !== template);
    hold(stale.length === 0, `${stale.length} machines are still of ${stale[0]?.template}, not ${template}`);
  }

  /** The engine's record and the cloud hold the same resources, each once. */
  async holdSame(what: string): Promise<void> {
    const { table } = this.subject;
    const { resources } = await this.stack.state();
    const recorded = resources.filter(({ type, custom }) => custom && table?.rows[type] !== undefined);
    const label = (type: string, id: string) => `${type} ${id}`;
    const known = recorded.map(({ type, id }) => label(type, id ?? "")).toSorted();
    const real = this.standing.map(({ type, id }) => label(type, id)).toSorted();
    const own = known.filter((name) => !this.images.some(({ type, id }) => label(type, id) === name));
    const orphans = real.filter((name) => !own.includes(name));
    hold(orphans.length === 0, `${what}: in the cloud, and not in the stack: ${orphans.join(", ")}`);
    hold(
      isDeepStrictEqual(own, real),
      `${what}: in the stack, and not in the cloud: ${own.filter((name) => !real.includes(name)).join(", ")}`,
    );
  }

  remove(): void {
    this.stack.remove();
  }

  #settings() {
    return this.subject.settings(this.#variation, this.#workloads.settingFor(this.#variation));
  }
}

import type { CloudStore } from "./store.ts";
import type { GroupRule, Row } from "./table.ts";
import type { Member, Standing } from "./view.ts";

export type Rows = Readonly<Record<string, Row>>;

/**
 * Lets each group of machines follow what its inputs say by now: the number into its bounds, the machines onto the template, a few
 * at a time. Every number on the way is noted.
 */
export function settleGroups(store: CloudStore, rows: Rows): void {
  for (const { rule, group } of groupsIn(store, rows)) {
    const limits = rule.limits(group, store);
    const size = membersOf(group).length;
    if (limits !== undefined) resize(store, rule, group, Math.min(limits.max, Math.max(limits.min, size)));
    const settled = store.byKey(group.key);
    if (settled !== undefined) roll(store, rule, settled);
  }
}

/** What the cloud's autoscaler does: asks for a number, and gets it as far as the bounds allow. @returns the number it got */
export function autoscale(store: CloudStore, rows: Rows, wanted: number): number {
  const [found, ...more] = groupsIn(store, rows);
  if (found === undefined || more.length > 0)
    throw new Error(
      `The simulated cloud has ${found === undefined ? "no group" : `${more.length + 1} groups`} of machines`,
    );
  const { rule, group } = found;
  const limits = rule.limits(group, store) ?? { min: wanted, max: wanted };
  return store.transaction(() => resize(store, rule, group, Math.min(limits.max, Math.max(limits.min, wanted))));
}

export function groupsIn(
  store: CloudStore,
  rows: Rows,
): readonly { readonly rule: GroupRule; readonly group: Standing }[] {
  return Object.entries(rows).flatMap(([type, { group: rule }]) =>
    rule === undefined ? [] : store.all(type).map((group) => ({ rule, group })),
  );
}

/** Gives the group that many machines; new ones are made from its template as it is now. */
export function resize(store: CloudStore, rule: GroupRule, group: Standing, wanted: number): number {
  let members = membersOf(group);
  if (group.live.members === undefined) store.remember(group, { members });
  while (members.length < wanted) {
    members = [...members, newMember(store, rule, group)];
    store.remember(group, { members });
  }
  if (members.length > wanted) store.remember(group, { members: members.slice(members.length - wanted) });
  return wanted;
}

export function membersOf(group: Standing): readonly Member[] {
  return group.live.members ?? [];
}

function roll(store: CloudStore, rule: GroupRule, group: Standing): void {
  const template = rule.template(group, store);
  const rolling = rule.rolling(group);
  if (rolling === undefined) return;
  const batch = Math.max(1, rolling.surge + rolling.unavailable);
  let members = membersOf(group);
  const size = members.length;
  for (;;) {
    const stale = members.filter((member) => member.template !== template).slice(0, batch);
    if (stale.length === 0) return;
    // First as many new ones as may stand beside the rest, then the old ones go, then what is missing comes.
    const first = stale.slice(0, rolling.surge).map(() => newMember(store, rule, group));
    members = [...members, ...first];
    store.remember(group, { members });
    members = members.filter((member) => !stale.includes(member));
    store.remember(group, { members });
    while (members.length < size) members = [...members, newMember(store, rule, group)];
    store.remember(group, { members });
  }
}

function newMember(store: CloudStore, rule: GroupRule, group: Standing): Member {
  return { id: store.fresh("member-", 12), template: rule.template(group, store) };
}

import {
  type AddressSet,
  everywhere,
  formatAddresses,
  isInternet,
  outside,
  parseRange,
} from "../../../core/guard/addresses.ts";
import { covers, empty, type IntervalSet, interval, isEmpty, meets, union } from "../../../core/guard/intervals.ts";
import {
  allPorts,
  allProtocols,
  formatPorts,
  type PortSet,
  type ProtocolSet,
  parsePorts,
  parseProtocol,
  tcp,
} from "../../../core/guard/ports.ts";
import { sshPort } from "../../../core/guardrails.ts";
import { attempt, known, type Outcome, type Subject } from "../../rule.ts";
import { Undecided, type View } from "../../view.ts";

/** What one rule of a firewall lets through or denies, whatever the cloud and the resource it was written in. */
export interface Flow {
  readonly direction: "in" | "out";
  readonly allow: boolean;
  readonly priority: number;
  readonly at: View;
  readonly peers: Peers;
  /** Addresses of this network that the flow is for, where a rule names them and nothing else (Azure's do). */
  readonly near?: AddressSet | undefined;
  /** Of a denial: false where it is for a part of this network only, or may turn out to be none. */
  readonly closes?: boolean;
  /** Throws Undecided while the ports or the protocol are not known. */
  readonly ports: () => PortSet;
  readonly protocols: () => ProtocolSet;
}

/** Who is at the other end. What could be read is in `ranges`; what could not is an outcome, and never hides the rest. */
export interface Peers {
  readonly ranges: AddressSet;
  /** What stands for addresses of others: Azure's service tags, places and names of GCP's. */
  readonly tags: readonly string[];
  /** What stands for machines of this network that are not told apart. */
  readonly neighbours: readonly string[];
  /** Ids of prefix lists, which the stack's rule follows. */
  readonly prefixLists: readonly View[];
  readonly outcomes: readonly Outcome[];
}

/** Texts that mean every address, in any of the clouds. */
const anyone = ["*", "any", "internet", "0/0"];

/** Reads each view as a range, or as a text that means every address; `tag` says what else is no range and no mistake. */
export function readPeers(
  views: readonly View[],
  tag: (text: string) => "neighbours" | "others" | "probes" | undefined = () => undefined,
): Peers {
  const ranges: AddressSet[] = [];
  const tags: string[] = [];
  const neighbours: string[] = [];
  const outcomes: Outcome[] = [];
  for (const view of views) {
    if (view.unknown) {
      outcomes.push(new Undecided(view.path));
      continue;
    }
    const text = view.string() ?? "";
    const range = meansAnyone(text) ? everywhere : parseRange(text);
    if (range !== undefined) ranges.push(range);
    else if (tag(text) === "others") tags.push(text);
    else if (tag(text) === "neighbours") neighbours.push(text);
    else if (tag(text) === undefined) {
      outcomes.push({
        at: view,
        found: `names "${text}", which is no address range`,
        expected: "a range as 192.0.2.0/24 or 2001:db8::/32, without leading zeros",
      });
    }
  }
  return { ...nobody, ranges: union(...ranges), tags, neighbours, outcomes };
}

export function meansAnyone(text: string): boolean {
  return anyone.includes(text.toLowerCase());
}

export const nobody: Peers = { ranges: empty, tags: [], neighbours: [], prefixLists: [], outcomes: [] };
export const anybody: Peers = { ...nobody, ranges: everywhere };

/** True when the value is known to be this text, in any letter case. */
export function says(view: View, text: string): boolean {
  return known(() => view.string()?.toLowerCase()) === text;
}

/** Which way a rule is for: in, unless it says `out`, and both while that is not known, for either could be meant. */
export function directionsOf(way: View, out: string): readonly ("in" | "out")[] {
  if (way.unknown) return ["in", "out"];
  return says(way, out) ? ["out"] : ["in"];
}

/** When a rule is heeded. What cannot be read is taken for what opens most: an allowance for first, a denial for last. */
export function priorityOf(priority: View, allow: boolean, whenAbsent?: number): number {
  return known(() => priority.number() ?? whenAbsent) ?? (allow ? -1 : Number.POSITIVE_INFINITY);
}

/** All protocols when none is named. What cannot be read is {@link unread}. */
export function protocolsOf(named: View, allow: boolean): ProtocolSet {
  const text = named.text();
  return text === undefined ? allProtocols : (parseProtocol(text) ?? unread(allow, allProtocols));
}

/** All ports when none is named. What cannot be read is {@link unread}. */
export function portsOf(named: readonly View[], allow: boolean): PortSet {
  if (named.length === 0) return allPorts;
  return union(...named.map((view) => parsePorts(view.text() ?? "") ?? unread(allow, allPorts)));
}

/** What cannot be read is taken for what opens most: all of an allowance, nothing of a denial. */
export function unread(allow: boolean, all: IntervalSet): IntervalSet {
  return allow ? all : empty;
}

export const ssh: IntervalSet = interval(BigInt(sshPort), BigInt(sshPort));
const https: IntervalSet = interval(443n, 443n);
/** Lists of revoked certificates are fetched by it. */
export const http: IntervalSet = interval(80n, 80n);

/** True for the bastion's own firewalls: inside its component, or declared by name. */
export function isBastion({ types, name, config }: Subject): boolean {
  return types.includes("logos:substrate:Bastion") || config.bastion.securityGroups.includes(name);
}

/** True for what ends at the bastion alone: a flow of its own firewalls, or one of another that names its address. */
export function endsAtBastion(subject: Subject, { near }: Flow): boolean {
  return isBastion(subject) || isWithin(near, bastionAddresses(subject));
}

function bastionAddresses({ config }: Subject): AddressSet {
  return union(...config.bastion.addresses.map((text) => parseRange(text) ?? empty));
}

/** True when a flow says that it is for these addresses only. */
export function isWithin(near: AddressSet | undefined, range: AddressSet): boolean {
  return near !== undefined && !isEmpty(near) && covers(range, near);
}

/** Declared ranges from which the flow may come in: operators', to the bastion, by SSH. */
function declared(subject: Subject, flow: Flow): AddressSet {
  const { operatorRanges, vpnRanges, tunnel } = subject.config;
  // Where the cloud's own tunnel ends: the cloud's directory decides who passes, not an address.
  if (isWithin(flow.near, tunnel) && covers(https, flow.ports()) && covers(tcp, flow.protocols())) return everywhere;
  if (!endsAtBastion(subject, flow)) return empty;
  const onlySsh = covers(ssh, flow.ports()) && covers(tcp, flow.protocols());
  return onlySsh ? union(operatorRanges, vpnRanges) : empty;
}

/** Whoever may come in from outside of private use and is not declared. */
export function* refuseOutside(subject: Subject, flow: Flow): Generator<Outcome> {
  if (flow.direction !== "in" || !flow.allow) return;
  const { ranges, tags, outcomes } = flow.peers;
  yield* outcomes;
  if (tags.length === 0 && isEmpty(outside(ranges))) return;
  yield* attempt(function* () {
    const allowed = declared(subject, flow);
    if (!isEmpty(outside(everywhere, allowed))) {
      for (const tag of tags) yield { at: flow.at, found: `lets in "${tag}", which stands for addresses of others` };
    }
    const strangers = outside(ranges, allowed);
    if (isEmpty(strangers)) return;
    yield {
      at: flow.at,
      // The range is wrong whatever the ports come to be.
      found: `lets in ${formatAddresses(strangers)} to ${formatPorts(known(flow.ports) ?? allPorts)}`,
      expected: "private ranges, and at the bastion tcp 22 from declared ones",
    };
  });
}

/** The same for certain ports. */
export function* refuseOutsideTo(subject: Subject, flow: Flow, ports: PortSet): Generator<Outcome> {
  if (flow.direction !== "in" || !flow.allow || isEmpty(outside(flow.peers.ranges))) return;
  yield* attempt(function* () {
    if (!meets(flow.ports(), ports)) return;
    const strangers = outside(flow.peers.ranges, declared(subject, flow));
    if (isEmpty(strangers)) return;
    yield { at: flow.at, found: `opens ${formatPorts(flow.ports())} to ${formatAddresses(strangers)}` };
  });
}

/** SSH from inside of this network, but from the bastion: whoever stands in that network could log in. */
export function* refuseSshPastBastion(subject: Subject, flow: Flow): Generator<Outcome> {
  if (flow.direction !== "in" || !flow.allow || endsAtBastion(subject, flow)) return;
  const { ranges, tags, neighbours, prefixLists } = flow.peers;
  if ([...tags, ...neighbours, ...prefixLists].length === 0 && covers(bastionAddresses(subject), ranges)) return;
  yield* attempt(function* () {
    if (!meets(flow.ports(), ssh) || !meets(flow.protocols(), tcp)) return;
    yield {
      at: flow.at,
      found: `lets ${[formatAddresses(ranges), ...tags, ...neighbours].filter((text) => text !== "").join(", ") || "a prefix list"} log in`,
      expected: "the bastion alone: its security group, tag, service account or declared address",
    };
  });
}

/** Whatever may go out to everywhere on every port. */
export function* refuseOpenEgress(flow: Flow): Generator<Outcome> {
  if (flow.direction !== "out" || !flow.allow) return;
  yield* flow.peers.outcomes;
  if (isEmpty(outside(flow.peers.ranges))) return;
  yield* attempt(function* () {
    if (!isInternet(flow.peers.ranges) && !covers(flow.ports(), allPorts)) return;
    yield {
      at: flow.at,
      found: `lets out to ${formatAddresses(flow.peers.ranges)} on ${formatPorts(known(flow.ports) ?? allPorts)}`,
      expected: "an allow-list: the ranges and ports that are needed",
    };
  });
}

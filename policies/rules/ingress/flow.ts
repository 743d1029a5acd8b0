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
  havePorts,
  type PortSet,
  type ProtocolSet,
  tcp,
} from "../../../core/guard/ports.ts";
import { sshPort } from "../../../core/guardrails.ts";
import { attempt, type Outcome, type Subject } from "../../rule.ts";
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
  /** Throws Undecided while the ports or the protocol are not known. */
  readonly ports: () => PortSet;
  readonly protocols: () => ProtocolSet;
}

/** Who is at the other end. What could be read is in `ranges`; what could not is an outcome, and never hides the rest. */
export interface Peers {
  readonly ranges: AddressSet;
  /** Service tags that stand for addresses of others: Azure's own and those of its customers. */
  readonly tags: readonly string[];
  /** Ids of prefix lists, which the stack's rule follows. */
  readonly prefixLists: readonly View[];
  readonly outcomes: readonly Outcome[];
}

/** Texts that mean every address, in any of the clouds. */
const anyone = ["*", "any", "internet", "0/0"];

/** Reads each view as a range, or as a text that means every address; `tag` says what else is no range and no mistake. */
export function readPeers(
  views: readonly View[],
  tag: (text: string) => "ours" | "others" | undefined = () => undefined,
): Peers {
  const ranges: AddressSet[] = [];
  const tags: string[] = [];
  const outcomes: Outcome[] = [];
  for (const view of views) {
    if (view.unknown) {
      outcomes.push(new Undecided(view.path));
      continue;
    }
    const text = view.string() ?? "";
    const range = anyone.includes(text.toLowerCase()) ? everywhere : parseRange(text);
    if (range !== undefined) ranges.push(range);
    else if (tag(text) === "others") tags.push(text);
    else if (tag(text) === undefined) {
      outcomes.push({
        at: view,
        found: `names "${text}", which is no address range`,
        expected: "a range as 192.0.2.0/24 or 2001:db8::/32, without leading zeros",
      });
    }
  }
  return { ranges: union(...ranges), tags, prefixLists: [], outcomes };
}

export const nobody: Peers = { ranges: empty, tags: [], prefixLists: [], outcomes: [] };
export const anybody: Peers = { ...nobody, ranges: everywhere };

/** Ports that mean something for these protocols; all of them for protocols without ports. */
export function portsFor(protocols: ProtocolSet, ports: PortSet | undefined): PortSet {
  return ports === undefined || !havePorts(protocols) ? allPorts : ports;
}

/** What cannot be read is taken for the widest. */
export function protocolsOr(protocols: ProtocolSet | undefined): ProtocolSet {
  return protocols ?? allProtocols;
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
  yield* flow.peers.outcomes;
  for (const tag of flow.peers.tags) {
    yield { at: flow.at, found: `lets in the service tag "${tag}", which stands for addresses of others` };
  }
  if (isEmpty(outside(flow.peers.ranges))) return;
  yield* attempt(function* () {
    const strangers = outside(flow.peers.ranges, declared(subject, flow));
    if (isEmpty(strangers)) return;
    yield {
      at: flow.at,
      found: `lets in ${formatAddresses(strangers)} to ${formatPorts(flow.ports())}`,
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

/** SSH from a private range that is not the bastion's: whoever stands in that network could log in. */
export function* refuseSshPastBastion(subject: Subject, flow: Flow): Generator<Outcome> {
  if (flow.direction !== "in" || !flow.allow || endsAtBastion(subject, flow)) return;
  yield* attempt(function* () {
    if (!meets(flow.ports(), ssh) || !meets(flow.protocols(), tcp)) return;
    if (covers(bastionAddresses(subject), flow.peers.ranges)) return;
    yield {
      at: flow.at,
      found: `lets ${formatAddresses(flow.peers.ranges)} log in`,
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
      found: `lets out to ${formatAddresses(flow.peers.ranges)} on ${formatPorts(flow.ports())}`,
      expected: "an allow-list: the ranges and ports that are needed",
    };
  });
}

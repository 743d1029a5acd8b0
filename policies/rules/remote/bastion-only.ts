import { parseRange, privateUse } from "../../../core/guard/addresses.ts";
import { covers } from "../../../core/guard/intervals.ts";
import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";
import { sideDoors } from "./side-doors.ts";
import { checkSources } from "./ssh-sources.ts";

const remoteTypes: readonly string[] = [
  "command:remote:Command",
  "command:remote:CopyToRemote",
  "command:remote:CopyFile",
];
const bastionComponent = "logos:substrate:Bastion";
const substrate = "logos:substrate:Substrate";

/** Without a pinned key the plugin takes whichever host answers. */
export const bastionOnly: Rule = {
  id: "Q13",
  name: "bastion-only",
  title:
    "SSH goes through this stack's one bastion, as operator, by key, with the host keys of both hops pinned; no other machine and no service of the cloud leads past it.",
  family: "remote",
  severity: "critical",
  reason:
    "Any other way in is one that nobody watches, and an unpinned host may be anybody's. Serial consoles are judged by I08 and X04, ranges that log in by N19; who may use a console of the cloud is no resource of the program.",
  remediation: "Use the Bastion component's hop, and name the bastion's own group as the source of port 22.",
  upstream: [],
  checks: {
    ...each(remoteTypes, checkRemote),
    ...each(["command:local:Command", "command:local:run", "pulumi-nodejs:dynamic:Resource"], refuseLocal),
    ...sideDoors,
  },
  stack: function* (resource, stack) {
    const bastions = stack.ofType(bastionComponent);
    if (resource.type === bastionComponent && bastions.length > 1)
      yield { found: "is one of several bastions", expected: "one", mend: "Keep one." };
    if (resource.type === substrate && bastions.length === 0)
      yield { found: "has no bastion", expected: "one", mend: "Declare a Bastion." };
    yield* checkSources(resource, stack);
    if (!remoteTypes.includes(resource.type) || resource.types.includes(bastionComponent)) return;
    const host = resource.props.at("connection", "proxy", "host");
    if (!bastions.some((bastion) => bastion.props.string("address") === host.string()))
      yield { at: host, found: "goes through a host that is not this stack's bastion" };
  },
  // Host keys and, on the clouds, addresses are made in the first update. The connection is then checked before anything is dialled.
  // Policies name the ARNs of what the stack makes.
  knownAtUpdate: [
    "connection",
    "address",
    "policy",
    "inlinePolicies",
    "policyArn",
    "policyArns",
    "managedPolicyArns",
    // A role of the stack's own is made in the same update.
    "roleDefinitionId",
  ],
};

function* checkRemote({ props, types }: Subject): Generator<Outcome> {
  const connection = props.at("connection");
  yield* checkHop(connection);
  yield* attempt(function* () {
    const proxy = connection.at("proxy");
    if (proxy.present) yield* checkHop(proxy);
    else if (!types.includes(bastionComponent))
      yield { at: proxy, found: "connects without the bastion", mend: "Give its RemoteHost the bastion's hop." };
  });
  // The bastion alone has a public address.
  if (!types.includes(bastionComponent)) yield* attempt(() => requirePrivate(connection.at("host")));
}

function* requirePrivate(host: View): Generator<Outcome> {
  const range = parseRange(String(host.text()));
  if (range === undefined || !covers(privateUse, range))
    yield { at: host, found: "is no private address", mend: "Reach the machine by its address behind the bastion." };
}

function* checkHop(hop: View): Generator<Outcome> {
  yield* attempt(function* () {
    const key = hop.at("hostKey");
    if (!key.matches(/^(ssh-ed25519|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]{40,}/))
      yield { at: key, found: "does not pin its host key", mend: "Set hostKey to its public key." };
  });
  yield* attempt(function* () {
    const user = hop.at("user");
    if (user.string() !== "operator")
      yield { at: user, found: `logs in as "${user.text() ?? "root"}"`, expected: "operator" };
  });
  yield* attempt(function* () {
    if (!hop.at("password").present && !hop.at("agentSocketPath").present && hop.at("privateKey").present) return;
    yield {
      at: hop,
      found: "does not log in by the stack's own key",
      mend: "Set privateKey, and no password or agent.",
    };
  });
}

function* refuseLocal(): Generator<Outcome> {
  yield {
    found: "runs code on the operator's host",
    mend: "Do it in a provider, or on a machine through RemoteHost.",
  };
}

import { attempt, each, type Outcome, type Rule, type Subject } from "../../rule.ts";
import type { View } from "../../view.ts";

export const remoteTypes = [
  "command:remote:Command",
  "command:remote:CopyToRemote",
  "command:remote:CopyFile",
] as const;
const bastionComponent = "logos:substrate:Bastion";

/** Without a pinned key the plugin takes whichever host answers. */
export const bastionOnly: Rule = {
  id: "Q13",
  name: "bastion-only",
  title: "SSH goes through this stack's one bastion, as operator, by key, with the host keys of both hops pinned.",
  family: "remote",
  severity: "critical",
  reason: "Any other way in is one that nobody watches, and an unpinned host may be anybody's.",
  remediation: "Use the Bastion component's hop.",
  upstream: [],
  checks: {
    ...each(remoteTypes, checkRemote),
    ...each(["command:local:Command", "command:local:run", "pulumi-nodejs:dynamic:Resource"], refuseLocal),
  },
  stack: function* ({ type, types, props }, { ofType }) {
    const bastions = ofType(bastionComponent);
    if (type === bastionComponent && bastions.length > 1) {
      yield { found: "is one of several bastions", expected: "one", mend: "Keep one." };
    }
    if (!remoteTypes.some((remote) => remote === type) || types.includes(bastionComponent)) return;
    const host = props.string("connection", "proxy", "host");
    if (host === undefined || !bastions.some((bastion) => bastion.props.string("address") === host)) {
      yield { at: "connection.proxy.host", found: "goes through a host that is not this stack's bastion" };
    }
  },
  // Host keys and, on the clouds, addresses are made in the first update. The connection is then checked before anything is dialled.
  knownAtUpdate: ["connection", "address"],
};

function* checkRemote({ props, types }: Subject): Generator<Outcome> {
  const connection = props.at("connection");
  yield* checkHop(connection, "the machine");
  yield* attempt(function* () {
    const proxy = connection.at("proxy");
    if (proxy.present) yield* checkHop(proxy, "the bastion");
    else if (!types.includes(bastionComponent)) {
      yield {
        at: proxy,
        found: "connects without the bastion",
        mend: "Give its RemoteHost the bastion's hop.",
      };
    }
  });
}

function* checkHop(hop: View, which: string): Generator<Outcome> {
  yield* attempt(function* () {
    if (/^(ssh-ed25519|ecdsa-sha2-\S+) [A-Za-z0-9+/=]{40,}/.test(hop.string("hostKey") ?? "")) return;
    yield {
      at: hop.at("hostKey"),
      found: `does not pin the host key of ${which}`,
      mend: "Set hostKey to its public key.",
    };
  });
  yield* attempt(function* () {
    const user = hop.string("user") ?? "root";
    if (user !== "operator") {
      yield { at: hop.at("user"), found: `logs in to ${which} as "${user}"`, expected: "operator" };
    }
  });
  yield* attempt(function* () {
    if (!hop.at("password").present && !hop.at("agentSocketPath").present && hop.at("privateKey").present) return;
    yield {
      at: hop,
      found: `does not log in to ${which} by the stack's own key`,
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

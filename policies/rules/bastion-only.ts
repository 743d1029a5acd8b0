import { resourceRule, type Subject, stackRule, typesInUrn, type Violations } from "../rule.ts";
import { View } from "../view.ts";

const remoteTypes = ["command:remote:Command", "command:remote:CopyToRemote", "command:remote:CopyFile"] as const;
const bastionComponent = "logos:substrate:Bastion";

/** Without a pinned key the plugin takes whichever host answers. */
export const bastionOnly = resourceRule({
  name: "bastion-only",
  description: "SSH goes through the bastion, as operator, by key, with the host keys of both hops pinned.",
  checks: {
    ...Object.fromEntries(remoteTypes.map((type) => [type, checkRemote])),
    "command:local:Command": refuseLocal,
    "pulumi-nodejs:dynamic:Resource": refuseLocal,
  },
  // Host keys are made in the first update. The connection is then checked before anything is dialled.
  knownAtUpdate: ["connection"],
});

/** The one proxy is this stack's bastion. */
export const bastionOnlyStack = stackRule({
  name: "bastion-of-this-stack",
  description: "There is one bastion, and every SSH connection to another machine goes through it.",
  knownAtUpdate: ["connection"],
  check: function* ({ type, urn, props }, all) {
    const bastions = all.filter((other) => other.type === bastionComponent);
    if (type === bastionComponent && bastions.length > 1) yield "is one of several bastions, allowed is one. Keep one.";
    if (!remoteTypes.some((remote) => remote === type) || typesInUrn(urn).includes(bastionComponent)) return;
    const host = new View(props).string("connection", "proxy", "host");
    if (host === undefined || !bastions.some((bastion) => new View(bastion.props).string("address") === host)) {
      yield "goes through a host that is not this stack's bastion. Use the Bastion component's hop.";
    }
  },
});

function* checkRemote({ props, types }: Subject): Violations {
  const connection = props.at("connection");
  yield* checkHop(connection, "the machine");
  const proxy = connection.at("proxy");
  if (proxy.present) yield* checkHop(proxy, "the bastion");
  else if (!types.includes(bastionComponent)) {
    yield "connects without the bastion. Give its RemoteHost the bastion's hop.";
  }
}

function* checkHop(hop: View, which: string): Violations {
  if (!/^(ssh-ed25519|ecdsa-sha2-\S+) [A-Za-z0-9+/=]{40,}/.test(hop.string("hostKey") ?? "")) {
    yield `does not pin the host key of ${which}. Set hostKey to its public key.`;
  }
  const user = hop.string("user") ?? "root";
  if (user !== "operator") yield `logs in to ${which} as "${user}", allowed is operator.`;
  if (hop.at("password").present || hop.at("agentSocketPath").present || !hop.at("privateKey").present) {
    yield `does not log in to ${which} by the stack's own key. Set privateKey, and no password or agent.`;
  }
}

function* refuseLocal(): Violations {
  yield "runs code on the operator's host. Do it in a provider, or on a machine through RemoteHost.";
}

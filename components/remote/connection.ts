import * as pulumi from "@pulumi/pulumi";
import { sshPort } from "../../core/guardrails.ts";

/** The user that Pulumi and people log in as, on every machine. */
export const remoteUser = "operator";

/** One machine on the way: where it is and by which key it proves who it is. */
export interface Hop {
  readonly address: pulumi.Input<string>;
  /** Host key in `authorized_keys` form, known from the machine's birth. */
  readonly hostKey: pulumi.Input<string>;
  /** Where sshd is reached, 22 when absent: a tunnel ends at another port of the operator's host. */
  readonly port?: number;
}

/**
 * A connection of the `command` plugin as this project allows it: host keys pinned on every hop, no password, no other
 * user. It is built field by field, since the plugin prints the whole value, key included, when it meets a field that it
 * does not know (https://github.com/pulumi/pulumi-command/issues/773).
 */
export interface PinnedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  readonly hostKey: string;
  readonly dialErrorLimit: number;
  /** Seconds for one TCP connect. */
  readonly perDialTimeout: number;
  readonly proxy?: Omit<PinnedConnection, "proxy">;
}

/**
 * Secret as a whole, always: the plugin compares secretness too, and would run every command again when it changes
 * (https://github.com/pulumi/pulumi-command/issues/447).
 */
export function pinnedConnection(
  machine: Hop,
  privateKey: pulumi.Input<string>,
  via: Hop | undefined,
): pulumi.Output<PinnedConnection> {
  const direct = pulumi.all([machine.address, machine.hostKey, privateKey]).apply(([host, hostKey, key]) => ({
    host,
    port: machine.port ?? sshPort,
    user: remoteUser,
    privateKey: key,
    hostKey,
    // 20 dials that are refused take a minute; a machine that restarts its sshd is back within seconds.
    dialErrorLimit: 20,
    perDialTimeout: 5,
  }));
  if (via === undefined) return pulumi.secret(direct);
  const proxy = pinnedConnection(via, privateKey, undefined);
  return pulumi.secret(pulumi.all([direct, proxy]).apply(([target, hop]) => ({ ...target, proxy: hop })));
}

import type { Plant } from "./plant.ts";

type Machines = "lab" | "metal";
const plant = (
  stack: Machines,
  rule: string,
  what: string,
  type: string,
  ending: string,
  set: NonNullable<Plant["set"]>,
): Plant => ({
  stack,
  rule,
  what,
  type,
  ending,
  set,
});

const command = "command:remote:Command";
const pool = "logos:substrate:NodePool";
const network = "logos:substrate:Network";
const pinned = `ssh-ed25519 ${"A".repeat(68)}`;
/** A connection as the program makes them, to the machine itself. */
const direct = { host: "10.83.0.3", user: "operator", hostKey: pinned, privateKey: "planted" };
/** A secret of the form that the rules know, put together here so that it stands in no file. */
const secret = `${"AKIA"}IOSFODNN7EXAMPLE`;

const doors = [{ from: "operator", to: "node", protocol: "tcp", ports: [22] }];

export const machines: readonly Plant[] = [
  plant("lab", "N02", "nodes that operators reach past the bastion", network, "network", { rules: doors }),
  plant("lab", "N02", "the same in the lab's own network", "lab:index:Network", "network", { rules: doors }),
  plant("lab", "Q01", "a pool of seven", pool, "pool", { max: 7 }),
  plant("lab", "Q03", "a cache disk in the clear", pool, "pool", { "node.cacheDiskEncrypted": false }),
  plant("lab", "Q04", "nodes of the newest image, whichever that is", pool, "pool", { imageDigest: "latest" }),
  plant("lab", "Q06", "a program from the internet", command, "control-install", {
    create: "curl -s https://example.org/x | sudo sh",
  }),
  plant("lab", "Q07", "a gate with pins given by hand", command, "image-builder-smoke", {
    create: "sudo /usr/bin/logos-agent gate --bake --pins /tmp/pins.json",
  }),
  plant("lab", "Q11", "a key in a command", command, "control-install", { create: `echo ${secret}` }),
  plant("lab", "Q13", "a command past the bastion", command, "control-install", { connection: direct }),
  plant("metal", "N02", "nodes that operators reach past the bastion", network, "network", { rules: doors }),
  plant("metal", "Q01", "a pool of seven", pool, "pool", { max: 7 }),
  plant("metal", "Q04", "nodes of the newest image, whichever that is", pool, "pool", { imageDigest: "latest" }),
  plant("metal", "Q06", "a program from the internet", command, "host-rack-1-smoke", {
    create: "wget -qO- https://example.org/x | sh",
  }),
  plant("metal", "Q13", "a host reached past the bastion", command, "host-rack-2-spec", { connection: direct }),
  plant("metal", "Q13", "a host reached through another's bastion", command, "host-rack-2-spec", {
    connection: { ...direct, proxy: { ...direct, host: "203.0.113.9" } },
  }),
  plant("metal", "X05", "a firewall emptied by a command", command, "control-activate", {
    create: "sudo nft flush ruleset",
  }),
];

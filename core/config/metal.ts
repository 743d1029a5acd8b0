import { formatAddress, nth, parseAddress, parseCidr } from "../net.ts";
import {
  accept,
  type FieldTable,
  line,
  listOf,
  matching,
  oneOf,
  type Reader,
  refuse,
  type ValuesOf,
} from "./fields.ts";
import type { Mistake } from "./parse.ts";

/** Settings of the target `metal`: machines that people own, as they stand before the stack does. */

const hostKey = matching(
  /^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,3}( \S+)?$/,
  "a host key as `ssh-keyscan -t ed25519 HOST` prints it after the name, read at the machine itself: ssh-ed25519 AAAA…",
);
const address: Reader<string> = (given) => {
  const parsed = typeof given === "string" ? parseAddress(given) : undefined;
  return parsed === undefined ? refuse("an IPv4 address") : accept(formatAddress(parsed));
};

const machineFields = {
  address: [address, "", "needed"],
  hostKey: [hostKey, "", "needed"],
} as const satisfies FieldTable;

const hostFields = {
  ...machineFields,
  /** Also the node's name in the scheduler. */
  name: [
    matching(
      /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
      "1 to 40 lower-case letters, digits and hyphens, beginning with a letter",
    ),
    "",
    "needed",
  ],
  user: [oneOf(["operator"]), "operator"],
  cacheDisk: [
    matching(
      /^\/dev\/[A-Za-z0-9_./:-]+$/,
      "the path of a whole disk that nothing else uses, for example /dev/disk/by-id/nvme-…",
    ),
    "",
    "needed",
  ],
} as const satisfies FieldTable;
export type MetalHost = ValuesOf<typeof hostFields>;

export const metalFields = {
  hosts: [listOf(recordOf(hostFields), "a list of hosts: {name, address, hostKey, cacheDisk}"), [], "needed"],
  bastion: [recordOf(machineFields), { address: "", hostKey: "" }, "needed"],
  control: [recordOf(machineFields), { address: "", hostKey: "" }, "needed"],
  /** Who may sign commits of the workload. */
  signers: [line("the path of a file in the form of ssh-keygen's allowed_signers"), "", "needed"],
  /** OpenSSH private key, without passphrase, that the user `operator` of every machine lets in. Secret. */
  operatorKey: [privateKey, "", "needed"],
} as const satisfies FieldTable;
export type MetalSettings = ValuesOf<typeof metalFields>;

/** What single fields cannot show: who shares a name or an address, who lies outside, how many there are. */
export function metalMistakes(
  metal: MetalSettings,
  {
    pool,
    network,
  }: { readonly pool: { readonly min: number; readonly max: number }; readonly network: { readonly cidr: string } },
  namespace: string,
): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const count = metal.hosts.length;
  if (count < pool.min || count > pool.max) {
    mistakes.push({
      key: `${namespace}:metal.hosts`,
      given: count,
      allowed: `${pool.min} to ${pool.max} hosts (pool.min and pool.max): nobody can make another here`,
    });
  }
  const machines = [
    { key: "bastion", name: "bastion", ...metal.bastion },
    { key: "control", name: "control", ...metal.control },
    ...metal.hosts.map((host, index) => ({ key: `hosts[${index}]`, ...host })),
  ];
  const cidr = parseCidr(network.cidr);
  const network24 = cidr && formatAddress(nth(cidr, 0)).replace(/\d+$/, "");
  for (const [index, { key, name, address: at }] of machines.entries()) {
    const twin = machines.slice(0, index).find((other) => other.name === name || other.address === at);
    if (twin !== undefined) {
      const what = twin.name === name ? `the name ${name}` : `the address ${at}`;
      mistakes.push({
        key: `${namespace}:metal.${key}`,
        given: undefined,
        allowed: `has ${what}, as ${twin.key} has: each its own`,
      });
    }
    if (network24 !== undefined && !at.startsWith(network24)) {
      mistakes.push({
        key: `${namespace}:metal.${key}.address`,
        given: at,
        allowed: `an address of ${network.cidr} (network.cidr)`,
      });
    }
  }
  return mistakes;
}

/** An object of a list or a field. Its own mistake is named; fields that are not known are mistakes too. */
function recordOf<const T extends FieldTable>(fields: T): Reader<ValuesOf<T>>;
function recordOf(fields: FieldTable): Reader<Record<string, unknown>> {
  return (given) => {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      return refuse(`an object with the fields ${Object.keys(fields).join(", ")}`);
    }
    const values = new Map<string, unknown>(Object.entries(given));
    const odd = [...values.keys()].find((name) => !Object.hasOwn(fields, name));
    if (odd !== undefined) return refuse(`only the fields ${Object.keys(fields).join(", ")}: ${odd} is none of them`);
    const record: Record<string, unknown> = {};
    for (const [name, [read, fallback, needed]] of Object.entries(fields)) {
      const reading = !values.has(name) && needed !== "needed" ? accept(fallback) : read(values.get(name));
      if (!reading.ok) return refuse(`with ${name}: ${reading.allowed}`);
      record[name] = reading.value;
    }
    return accept(record);
  };
}

function privateKey(given: unknown): ReturnType<Reader<string>> {
  const text = typeof given === "string" ? given.trim() : "";
  if (publicHalf(text) !== undefined) return accept(`${text}\n`);
  return refuse(
    'an OpenSSH private key without passphrase: npx pulumi config set --secret --path metal.operatorKey -- "$(cat KEY)"',
    "secret",
  );
}

/**
 * The public key that an OpenSSH private key carries in the clear, in `authorized_keys` form; undefined when the text is no
 * such key, or is one with a passphrase. Layout: PROTOCOL.key of OpenSSH.
 */
export function publicHalf(text: string): string | undefined {
  const body =
    /^-----BEGIN OPENSSH PRIVATE KEY-----\n(?<body>[A-Za-z0-9+/=\n]+)\n-----END OPENSSH PRIVATE KEY-----$/.exec(
      text.trim().replaceAll("\r\n", "\n"),
    )?.groups?.body;
  if (body === undefined) return undefined;
  const bytes = Buffer.from(body.replaceAll("\n", ""), "base64");
  const magic = "openssh-key-v1\0";
  if (bytes.subarray(0, magic.length).toString("latin1") !== magic) return undefined;
  let at = magic.length;
  const take = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) return undefined;
    const field = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return field;
  };
  const cipher = take()?.toString("latin1");
  take();
  take();
  // The number of keys; there is always one.
  at += 4;
  const blob = take();
  if (cipher !== "none" || blob === undefined || blob.length < 4) return undefined;
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
  return /^[a-z0-9@.-]+$/.test(type) ? `${type} ${blob.toString("base64")}` : undefined;
}

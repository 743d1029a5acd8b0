import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { filesFolder, listFiles, modeOf } from "../../images/files.ts";

/** A file that a machine has before anybody can log in. */
export interface BootFile {
  readonly path: string;
  readonly text: string;
}

export interface UserDataArgs {
  /**
   * `stock`: a vendor's image, which gets the user, sshd's settings and the unit that fetches credentials.
   * `captured`: one of ours, which holds all of that, hashed in its manifest; it is told its settings and no more.
   */
  readonly born: "stock" | "captured";
  /** What the machine is told about where it is: variables of `logos-credentials.service`. Never a secret: anybody on the machine reads user data. */
  readonly settings: Readonly<Record<string, string>>;
  /** For a stock machine: see {@link bootFiles}. */
  readonly files: readonly BootFile[];
}

/** Where the settings lie on the machine. */
export const settingsPath = "/etc/logos/cloud.env";

/** What cloud-init does on a stock machine beside writing files. */
const stockMachine = {
  users: [
    {
      name: "operator",
      uid: "1000",
      // Debian and Ubuntu have a group of this name that nothing uses.
      primary_group: "operator",
      shell: "/bin/bash",
      lock_passwd: true,
      sudo: "ALL=(ALL) NOPASSWD: ALL",
    },
  ],
  runcmd: [
    ["systemctl", "daemon-reload"],
    // sshd started by its socket would be one that knows nothing of the credentials.
    ["sh", "-c", "systemctl disable --now ssh.socket; systemctl mask ssh.socket"],
    ["systemctl", "enable", "--now", "logos-credentials.service"],
    ["systemctl", "enable", "ssh.service"],
    ["systemctl", "restart", "ssh.service"],
  ],
};

/** The least of the clouds' limits: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html */
const mostBytes = 16 * 1024;

/**
 * User data of a machine, as cloud-config text. Nobody can log in until the machine has fetched its own credentials: it is
 * born without a host key, and sshd does not start without one.
 *
 * @throws RangeError for a setting that cannot stand in an environment file, or when the text is too long for a cloud.
 */
export function renderUserData({ born, settings, files }: UserDataArgs): string {
  const config = {
    // Keys are fetched. None that cloud-init would make may ever be the one that somebody trusts.
    ssh_deletekeys: born === "stock",
    ssh_genkeytypes: [],
    ssh: { emit_keys_to_console: false },
    package_update: false,
    package_upgrade: false,
    ...(born === "stock" ? stockMachine : { users: [] }),
    write_files: [
      { path: settingsPath, permissions: "0644", content: renderSettings(settings) },
      ...(born === "stock" ? files.map(writeFile) : []),
    ],
  };
  const text = `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
  if (Buffer.byteLength(text) > mostBytes)
    throw new RangeError(`The user data has ${Buffer.byteLength(text)} bytes; clouds take ${mostBytes}`);
  return text;
}

/**
 * What a stock machine of a cloud needs before its first login: sshd's settings, and how credentials are fetched. The same
 * files are installed again with its role's, from the same folders.
 *
 * @param cloud names the folder below images/files that holds this cloud's `usr/lib/logos/fetch-credentials`, and beside it
 *   `CLOUD-request`, where that program takes a part from there.
 */
export function bootFiles(cloud: "aws" | "gcp" | "azure"): readonly BootFile[] {
  const ssh = listFiles("cloud").filter(
    ({ path }) => path.startsWith("/etc/ssh/") || /\/(ssh\.service\.d\/|logos-credentials\.service$)/.test(path),
  );
  const fetch = listFiles(cloud).filter(({ path }) => [fetchPath, `/usr/lib/logos/${cloud}-request`].includes(path));
  const read = (tree: string, path: string) => ({ path, text: readFileSync(join(filesFolder, tree, path), "utf8") });
  return [...ssh.map(({ path }) => read("cloud", path)), ...fetch.map(({ path }) => read(cloud, path))];
}

const fetchPath = "/usr/lib/logos/fetch-credentials";

function writeFile({ path, text }: BootFile) {
  return { path, permissions: modeOf(path).toString(8).padStart(4, "0"), content: text };
}

function renderSettings(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw new RangeError(`"${name}" is no name of a setting`);
      // The same text is read by systemd and by a shell: nothing may stand there that either takes for more than itself.
      if (!/^[A-Za-z0-9_\-./:@,=+]*$/.test(value))
        throw new RangeError(`The setting ${name} would be ${JSON.stringify(value)}, which holds more than plain text`);
      return `${name}=${value}\n`;
    })
    .join("");
}

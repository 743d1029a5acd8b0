import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { account } from "../engine/aws/arn.ts";
import { subscription, tenant } from "../engine/azure/arm.ts";
import type { Settings } from "../engine/stack.ts";
import { repository } from "../support/stack.ts";
import { type WorkloadVariant, workloadVariant } from "../support/workload-variant.ts";

/** Whose the simulated clouds are. */
const simulated = {
  aws: { account },
  azure: { subscription, tenant },
} as const;

type Record_ = Readonly<Record<string, unknown>>;

/** The settings that a stack is checked with. */
export interface CheckedSettings {
  readonly settings: Settings;
  /** Keys for which something stands in that a check cannot have: secrets, keys of machines, what would have to be fetched. */
  readonly standIns: readonly string[];
  /** Those among them that are encrypted: nobody but the stack's owner can read them, and a check asks nobody. */
  readonly encrypted: readonly string[];
  /** Removes what was made to stand in. */
  remove(): void;
}

/** The stacks that can be checked: the lab by its defaults, and each that has a file of settings in the repository. */
export function settingsFile(stack: string): string {
  return join(repository, `Pulumi.${stack}.yaml`);
}

/**
 * Reads the settings of a stack; those of the lab are the defaults of `Pulumi.yaml`. The program decides what is wrong with them.
 * @throws Error when the file is no YAML with a `config`
 */
export function readSettings(stack: string): CheckedSettings {
  const file = settingsFile(stack);
  const document: unknown = existsSync(file) ? parse(readFileSync(file, "utf8")) : {};
  const config = isRecord(document) ? (document.config ?? {}) : undefined;
  if (!isRecord(config)) throw new Error(`Pulumi.${stack}.yaml has no settings below "config"`);
  return new StandIns(config).checked();
}

class StandIns {
  readonly #keys: string[] = [];
  readonly #encrypted: string[] = [];
  readonly #given: Record_;
  #folder: string | undefined;
  #workload: WorkloadVariant | undefined;

  constructor(given: Record_) {
    this.#given = given;
  }

  checked(): CheckedSettings {
    const settings = Object.fromEntries(
      Object.entries(this.#given).map(([key, value]) => [key, this.#withoutSecrets(key, value)]),
    );
    const changed = { ...settings, ...this.#workloadOf(settings), ...this.#placeOf(settings) };
    const metal = settings["logos:target"] === "metal" ? this.#metalOf(settings["logos:metal"]) : {};
    return {
      settings: { ...changed, ...metal },
      standIns: this.#keys,
      encrypted: this.#encrypted,
      remove: () => {
        this.#workload?.remove();
        if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
      },
    };
  }

  #withoutSecrets(key: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item, index) => this.#withoutSecrets(`${key}[${index}]`, item));
    if (!isRecord(value)) return value;
    if (Object.keys(value).join() === "secure") {
      this.#encrypted.push(key);
      return this.#standIn(key, "(encrypted, and not read)");
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, this.#withoutSecrets(`${key}.${name}`, item)]),
    );
  }

  /** A workload that would be fetched gives way to the reference workload: a check asks no network and has no key for it. */
  #workloadOf(settings: Record_): Record_ {
    const given = settings["logos:workload"];
    const metal = settings["logos:target"] === "metal";
    if (!isRecord(given) || (!metal && !/^[a-z+]+:\/\/|^[^/\s]+@[^/\s:]+:/i.test(String(given.repository)))) return {};
    this.#workload = workloadVariant(() => undefined);
    const { repository: folder } = this.#workload;
    const commit = metal ? this.#signed(folder) : this.#workload.commit;
    return { "logos:workload": this.#standIn("logos:workload", { repository: folder, commit }) };
  }

  /** The simulated clouds have one account each, and refuse another as the real ones do. */
  #placeOf(settings: Record_): Record_ {
    const place = Object.entries(simulated).find(([target]) => target === settings["logos:target"]);
    if (place === undefined) return {};
    const [key, own] = [`logos:${place[0]}`, place[1]];
    const given = settings[key];
    if (!isRecord(given)) return {};
    const other = Object.entries(own).filter(([name, value]) => name in given && given[name] !== value);
    for (const [name, value] of other) this.#standIn(`${key}.${name}`, value);
    return { [key]: { ...given, ...Object.fromEntries(other) } };
  }

  #metalOf(given: unknown): Record_ {
    if (!isRecord(given)) return {};
    const machine = (key: string, value: unknown) => {
      if (!isRecord(value) || /^(ssh-ed25519|ecdsa-\S+) [A-Za-z0-9+/=]{40,}/.test(String(value.hostKey))) return value;
      return { ...value, hostKey: this.#standIn(`${key}.hostKey`, this.#key(key).publicKey) };
    };
    const hosts = Array.isArray(given.hosts) ? given.hosts : [];
    return {
      "logos:metal": {
        ...given,
        bastion: machine("logos:metal.bastion", given.bastion),
        control: machine("logos:metal.control", given.control),
        hosts: hosts.map((host, index) => machine(`logos:metal.hosts[${index}]`, host)),
        signers: this.#standIn("logos:metal.signers", this.#signers()),
        operatorKey: this.#standIn("logos:metal.operatorKey", readFileSync(this.#key("operator").file, "utf8")),
      },
    };
  }

  #standIn<T>(key: string, value: T): T {
    if (!this.#keys.includes(key)) this.#keys.push(key);
    return value;
  }

  /** Signs the reference workload's commit with the key that {@link #signers} allows, and answers its id. */
  #signed(folder: string): string {
    const git = (...args: readonly string[]) =>
      execFileSync(
        "git",
        [
          ...["-C", folder, "-c", "user.name=check", "-c", "user.email=check@example.org", "-c", "gpg.format=ssh"],
          ...["-c", `user.signingKey=${this.#key("signer").file}`],
          ...args,
        ],
        { encoding: "utf8" },
      ).trim();
    git("commit", "--quiet", "--amend", "--no-edit", "-S");
    return git("rev-parse", "HEAD");
  }

  #signers(): string {
    const { file, publicKey } = this.#key("signer");
    const signers = `${file}.allowed`;
    writeFileSync(signers, `check namespaces="git" ${publicKey}\n`);
    return signers;
  }

  #key(name: string): { readonly file: string; readonly publicKey: string } {
    this.#folder ??= mkdtempSync(join(tmpdir(), "logos-check-keys-"));
    const file = resolve(this.#folder, name.replace(/[^a-z0-9]+/g, "-"));
    if (!existsSync(file)) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "check", "-f", file]);
    return { file, publicKey: readFileSync(`${file}.pub`, "utf8").trim() };
  }
}

function isRecord(value: unknown): value is Record_ {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

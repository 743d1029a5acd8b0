/** How a secret stands in what the engine sends (@pulumi/pulumi/runtime/rpc, `specialSigKey` and `specialSecretSig`). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What is open of a connection, which the `command` SDK makes a secret as a whole. */
const openFields = new Set(["host", "user", "hostKey"]);

/** What is shorter stands in half of all texts. */
const shortest = 4;
/** As much of a long secret is known again where a text was cut inside it. */
const beginning = 24;

/**
 * The secrets that the engine has shown the pack: the rules see them in clear, and a finding that quotes a value could repeat one of a form
 * that nobody would take for a secret.
 */
export class Hidden {
  readonly #texts = new Set<string>();

  /** Takes what is secret in the properties of a resource, as the engine sends them. */
  addFrom(properties: unknown): void {
    if (typeof properties !== "object" || properties === null) return;
    const entries = new Map<string, unknown>(Object.entries(properties));
    if (entries.get(signatureKey) === secretSignature) this.#addAll(entries.get("value"));
    else for (const value of entries.values()) this.addFrom(value);
  }

  /** Takes a secret, and what in it has a word's length and not a word's letters. */
  add(text: string): void {
    if (text.length < shortest) return;
    for (const one of [
      text,
      ...text.split(/\s+/).filter((word) => word.length > shortest && !/^[a-z./-]+$/.test(word)),
    ]) {
      this.#texts.add(one);
      this.#texts.add(JSON.stringify(one).slice(1, -1));
      if (one.length > 2 * beginning) this.#texts.add(one.slice(0, beginning));
    }
  }

  /** The text without any of them. */
  clean(text: string): string {
    let cleaned = text;
    // The longest first: one may be the beginning of another.
    for (const secret of [...this.#texts].sort((a, b) => b.length - a.length))
      cleaned = cleaned.replaceAll(secret, "[secret]");
    return cleaned;
  }

  #addAll(value: unknown): void {
    if (typeof value === "string") this.add(value);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value))
      if (typeof inner !== "string" || !openFields.has(key)) this.#addAll(inner);
  }
}

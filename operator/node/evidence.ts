import { Malformed } from "../../core/json.ts";

/** What `images/operator/evidence` read on a node: for each name the values, in the order they came. */
export class Evidence {
  readonly #facts = new Map<string, string[]>();

  /** @throws Malformed when the text is cut off: what was not looked at must not pass for absent. */
  constructor(text: string, source: string) {
    for (const line of text.split("\n").filter((one) => one !== "")) {
      const tab = line.indexOf("\t");
      if (tab === -1) throw new Malformed(source, [`the line ${JSON.stringify(line.slice(0, 80))} is no fact`]);
      const name = line.slice(0, tab);
      this.#facts.set(name, [...this.all(name), line.slice(tab + 1)]);
    }
    if (this.one("end") !== "ok") throw new Malformed(source, ["the evidence is cut off"]);
  }

  all(name: string): readonly string[] {
    return this.#facts.get(name) ?? [];
  }

  /** The first value; empty when there is none. */
  one(name: string): string {
    return this.all(name)[0] ?? "";
  }
}

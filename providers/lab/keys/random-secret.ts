import { randomBytes } from "node:crypto";
import type { RandomSecretArgs, RandomSecretOutputs } from "../../../core/lab/resources.ts";
import type { ResourceHandler } from "../resource.ts";
import { integer, object, pattern, secretText } from "../shape.ts";

const fields = {
  name: pattern(/^[a-z][a-z0-9.-]{0,60}$/, "lower-case letters, digits, dots and hyphens that begin with a letter"),
  bytes: integer(16, 1024),
};

/** Random bytes. Their only home is the engine's state, where they are encrypted. */
export const randomSecret: ResourceHandler<RandomSecretArgs, RandomSecretOutputs> = {
  inputs: object<RandomSecretArgs>(fields),
  state: object<RandomSecretOutputs>({ ...fields, base64: secretText() }),
  secrets: ["base64"],
  changes: { name: "replace", bytes: "replace" },
  deleteBeforeReplace: false,

  foresee() {
    return {};
  },

  async create(inputs) {
    return { id: inputs.name, state: { ...inputs, base64: randomBytes(inputs.bytes).toString("base64") } };
  },

  async read(_id, state) {
    return state;
  },

  async update(_id, state) {
    return state;
  },

  async delete() {
    // Nothing of a secret is on this host.
  },
};

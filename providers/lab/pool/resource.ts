import { existsSync } from "node:fs";
import { labPaths, poolPaths } from "../../../core/lab/paths.ts";
import type { NodePoolArgs, NodePoolOutputs } from "../../../core/lab/resources.ts";
import { withLock } from "../host/lock.ts";
import { root } from "../host/root.ts";
import { type ResourceHandler, UserError, type Work } from "../resource.ts";
import { ensureManager, managerRuns } from "./daemon.ts";
import { dissolve } from "./dissolve.ts";
import { settle } from "./settle.ts";
import { credentialsFile, demandKeyFile, poolShape, readSpec, writeSpec } from "./spec.ts";

/** A pool of nodes that a manager of its own keeps between min and max, on the wanted image, whoever is watching. */
export const nodePool: ResourceHandler<NodePoolArgs, NodePoolOutputs> = {
  inputs: poolShape,
  state: poolShape,
  secrets: [],
  changes: {
    labId: "replace",
    name: "replace",
    min: "update",
    max: "update",
    standby: "update",
    demandKey: "update",
    imageId: "update",
    node: "update",
    controlName: "update",
    controlAddress: "update",
    bastionAddress: "update",
    readyTimeoutSeconds: "update",
  },
  deleteBeforeReplace: true,

  foresee(inputs) {
    return inputs;
  },

  async create(inputs, work) {
    await apply(inputs, work);
    return { id: `${inputs.labId}/${inputs.name}`, state: inputs };
  },

  async read(_id, state) {
    if (!existsSync(labPaths(root, state.labId).record)) return undefined;
    const spec = await readSpec(state.labId, state.name);
    if (spec === undefined) return undefined;
    const { generation: _generation, version: _version, ...rest } = spec;
    return { ...rest, demandKey: state.demandKey, node: { ...spec.node, credentials: state.node.credentials } };
  },

  async update(_id, _state, inputs, work) {
    await apply(inputs, work);
    return inputs;
  },

  async delete(_id, { labId, name }, work) {
    await dissolve(labId, name, work);
  },

  async needsRepair(_id, { labId, name }) {
    if (!(await managerRuns(labId, name))) return "the pool's manager does not run";
    const spec = await readSpec(labId, name);
    if (spec !== undefined && ![credentialsFile(spec), demandKeyFile(labId, name)].every(existsSync))
      return "the credentials for new nodes are gone";
    return undefined;
  },
};

/** Writes the spec, sees that a manager runs, and waits until the pool is as the spec wants it. */
async function apply(inputs: NodePoolArgs, work: Work): Promise<void> {
  const { labId, name } = inputs;
  if (!existsSync(labPaths(root, labId).record))
    throw new UserError(`The lab ${labId} has no network on this host. Run \`pulumi refresh\`, then \`pulumi up\`.`);
  const spec = await withLock(`${poolPaths(root, labId, name).lock}-spec`, work.signal, async () => {
    const written = await writeSpec(inputs);
    await ensureManager(labId, name);
    return written;
  });
  await settle(spec, work);
}

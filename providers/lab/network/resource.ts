import { bridgeName } from "../../../core/lab/names.ts";
import { hostLock, labLock, labPaths } from "../../../core/lab/paths.ts";
import type { NetworkArgs, NetworkOutputs } from "../../../core/lab/resources.ts";
import { removeLab } from "../cleanup.ts";
import { writeJson } from "../host/files.ts";
import { withLock } from "../host/lock.ts";
import { isMounted } from "../host/mounts.ts";
import { root } from "../host/root.ts";
import { intentsOf } from "../machine/record.ts";
import { type ResourceHandler, UserError } from "../resource.ts";
import { object, text } from "../shape.ts";
import { bridgeStands, raise, tableStands } from "./apply.ts";
import { requireFree } from "./ranges.ts";
import { networkShape, placeOf, rangeOf, readNetwork } from "./record.ts";

/** Bridge, firewall, folder and tmpfs of one lab: what everything else of it stands on. */
export const network: ResourceHandler<NetworkArgs, NetworkOutputs> = {
  inputs: networkShape,
  state: object<NetworkOutputs>({ ...networkShape.fields, bridge: text(), gateway: text() }),
  secrets: [],
  changes: { labId: "replace", cidr: "replace", rules: "update" },
  deleteBeforeReplace: true,

  foresee({ labId, cidr }) {
    return {
      ...(labId === undefined ? {} : { bridge: bridgeName(labId) }),
      ...(cidr === undefined ? {} : { gateway: placeOf({ cidr }, "gateway") }),
    };
  },

  async create(inputs, { signal }) {
    await withLock(hostLock(root), signal, async () => {
      await refuseOtherRange(inputs);
      await requireFree(inputs.labId, rangeOf(inputs));
      await establish(inputs, signal);
    });
    return { id: inputs.labId, state: outputs(inputs) };
  },

  async read(labId) {
    const stands = await readNetwork(labId);
    return stands !== undefined && bridgeStands(labId) ? outputs(stands) : undefined;
  },

  async update(_labId, _state, inputs, { signal }) {
    await establish(inputs, signal);
    return outputs(inputs);
  },

  async delete(labId, _state, { info }) {
    await removeLab(labId, info);
  },

  async needsRepair(labId) {
    if (!isMounted(labPaths(root, labId).secrets)) return "the folder for secrets is not mounted";
    return (await tableStands(labId)) ? undefined : "the firewall is not loaded";
  },
};

function outputs(inputs: NetworkArgs): NetworkOutputs {
  return { ...inputs, bridge: bridgeName(inputs.labId), gateway: placeOf(inputs, "gateway") };
}

async function establish(inputs: NetworkArgs, signal: AbortSignal): Promise<void> {
  await withLock(labLock(root, inputs.labId), signal, async () => {
    await writeJson(labPaths(root, inputs.labId).record, inputs);
    await raise(inputs);
  });
}

/** A lab of that name that a lost state left behind keeps its range as long as it has machines: they live in it. */
async function refuseOtherRange({ labId, cidr }: NetworkArgs): Promise<void> {
  const stands = await readNetwork(labId);
  if (stands === undefined || stands.cidr === cidr || (await intentsOf(labId)).length === 0) return;
  throw new UserError(
    `The lab ${labId} already has machines on this host, in ${stands.cidr}. Set that range, choose another lab name, ` +
      `or remove it with \`node providers/lab/cleanup.ts remove ${labId}\`.`,
  );
}

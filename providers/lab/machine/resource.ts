import { machineNamePattern, machineNameRule } from "../../../core/lab/names.ts";
import { volumePaths } from "../../../core/lab/paths.ts";
import { groups, type MachineArgs, type MachineOutputs, type VolumeAttachment } from "../../../core/lab/resources.ts";
import { missingControllers } from "../host/cgroup.ts";
import { root } from "../host/root.ts";
import { labIdShape } from "../network/record.ts";
import type { ResourceHandler } from "../resource.ts";
import { choice, dictionary, integer, list, object, optional, pattern, secretText, text } from "../shape.ts";
import { awaitSsh } from "./exec.ts";
import { changeMachine, machineState, removeMachine, startMachine, stopMachine } from "./lifecycle.ts";
import { devicePattern, deviceRule, imageIdPattern, imageIdRule } from "./record.ts";
import { addressMistake, type MachineSpec } from "./spec.ts";

const credentialName = pattern(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "letters, digits, dots, hyphens and underscores");

const fields = {
  labId: labIdShape,
  name: pattern(machineNamePattern, machineNameRule),
  group: choice(groups),
  imageId: pattern(imageIdPattern, imageIdRule),
  cpus: integer(1, 1024),
  memoryMb: integer(128, 2 ** 24),
  diskMb: integer(256, 2 ** 24),
  volumes: list(
    object<VolumeAttachment>({
      volumeId: pattern(/^[a-z0-9-]+\/[a-z0-9-]+$/, '"<labId>/<name>"'),
      device: pattern(devicePattern, deviceRule),
    }),
  ),
  credentials: dictionary(credentialName, secretText()),
};
const address = text(addressMistake);

/** One machine: an overlay over an image, booted by systemd-nspawn, that lives on when the engine ends. */
export const machine: ResourceHandler<MachineArgs, MachineOutputs> = {
  inputs: object<MachineArgs>({ ...fields, address: optional(address) }),
  state: object<MachineOutputs>({ ...fields, address, instanceId: text() }),
  secrets: ["credentials"],
  changes: {
    labId: "replace",
    name: "replace",
    group: "replace",
    imageId: "replace",
    // A machine that is no longer told which address to have keeps the one it has.
    address: (old, next) => (next === undefined || next === old ? "same" : "replace"),
    cpus: "update",
    memoryMb: "update",
    diskMb: (old, next) => (next < old ? "replace" : "update"),
    volumes: "replace",
    credentials: "update",
  },
  deleteBeforeReplace: true,

  foresee({ address: fixed }) {
    return fixed === undefined ? {} : { address: fixed };
  },

  async create(inputs, { signal, warn }) {
    const missing = missingControllers();
    if (missing.length > 0) warn(`This host cannot limit ${missing.join(" and ")}: machines may take all of it.`);
    const started = await startMachine(specOf(inputs), signal);
    await awaitSsh(started, signal).catch(async (error: unknown) => {
      // What never came up is no machine to take over. After a cancel it may still come: the next run looks.
      if (!signal.aborted) await stopMachine(inputs.labId, inputs.name);
      throw error;
    });
    const { instanceId, address: given } = started;
    return { id: `${inputs.labId}/${inputs.name}`, state: { ...inputs, address: given, instanceId } };
  },

  async read(_id, state) {
    const standing = await machineState(state.labId, state.name);
    if (standing.kind !== "running" && standing.kind !== "captured") return undefined;
    const { group, imageId, address: given, cpus, memoryMb, diskMb, instanceId } = standing.intent;
    return { ...state, group, imageId, address: given, cpus, memoryMb, diskMb, instanceId };
  },

  async update(_id, { instanceId, address: given }, inputs, { signal }) {
    await changeMachine(specOf(inputs), signal);
    const standing = await machineState(inputs.labId, inputs.name);
    if (standing.kind === "running") await awaitSsh(standing.machine, signal);
    return { ...inputs, address: given, instanceId };
  },

  async delete(_id, { labId, name }, { signal }) {
    await removeMachine(labId, name, signal);
  },
};

function specOf({ volumes, address: fixed, ...inputs }: MachineArgs): MachineSpec {
  const disks = volumes.map(({ volumeId, device }) => {
    const [labId = "", name = ""] = volumeId.split("/");
    return { file: volumePaths(root, labId, name).file, device };
  });
  return { ...inputs, address: fixed, disks, ownDisks: [] };
}

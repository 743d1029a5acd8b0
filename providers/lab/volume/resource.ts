import { existsSync } from "node:fs";
import { mkdir, open, rm, truncate } from "node:fs/promises";
import { labPaths, volumePaths } from "../../../core/lab/paths.ts";
import type { VolumeArgs, VolumeOutputs } from "../../../core/lab/resources.ts";
import { writeJson } from "../host/files.ts";
import { detachLoop, loopOf } from "../host/loops.ts";
import { root } from "../host/root.ts";
import { run } from "../host/run.ts";
import { runningProcess } from "../machine/process.ts";
import { intentsOf } from "../machine/record.ts";
import { labIdShape } from "../network/record.ts";
import { type ResourceHandler, UserError } from "../resource.ts";
import { integer, object, pattern, text } from "../shape.ts";

const fields = {
  labId: labIdShape,
  name: pattern(/^[a-z][a-z0-9-]{0,40}$/, "1 to 41 lower-case letters, digits and hyphens that begin with a letter"),
  sizeMb: integer(16, 2 ** 24),
};

/** A sparse file that machines see as a block device, and that outlives them. */
export const volume: ResourceHandler<VolumeArgs, VolumeOutputs> = {
  inputs: object<VolumeArgs>(fields),
  state: object<VolumeOutputs>({ ...fields, path: text() }),
  secrets: [],
  changes: { labId: "replace", name: "replace", sizeMb: (old, next) => (next < old ? "replace" : "update") },
  deleteBeforeReplace: true,

  foresee({ labId, name }) {
    return labId === undefined || name === undefined ? {} : { path: volumePaths(root, labId, name).file };
  },

  /** A file that is already there is taken over with what is in it: it is the volume of a run that was killed. */
  async create(inputs) {
    const { labId, name, sizeMb } = inputs;
    const { file, record } = volumePaths(root, labId, name);
    await mkdir(labPaths(root, labId).volumes, { recursive: true });
    await (await open(file, "a", 0o600)).close();
    await truncate(file, sizeMb * 2 ** 20);
    await writeJson(record, inputs);
    return { id: `${labId}/${name}`, state: { ...inputs, path: file } };
  },

  async read(_id, state) {
    return existsSync(state.path) ? state : undefined;
  },

  async update(_id, { path }, inputs) {
    await truncate(path, inputs.sizeMb * 2 ** 20);
    await writeJson(volumePaths(root, inputs.labId, inputs.name).record, inputs);
    const loop = loopOf(path);
    if (loop !== undefined) await run(["losetup", "--set-capacity", loop]);
    return { ...inputs, path };
  },

  async delete(_id, { labId, name, path }) {
    const user = (await intentsOf(labId)).find((machine) => machine.disks.some((disk) => disk.file === path));
    // A machine that died and was refreshed away holds nothing; its folder goes with the lab.
    if (user !== undefined && (await runningProcess(labId, user.name)) !== undefined) {
      throw new UserError(
        `The volume ${name} is in use by the machine ${user.name}. Remove it from the machine first.`,
      );
    }
    await detachLoop(path);
    await rm(path, { force: true });
    await rm(volumePaths(root, labId, name).record, { force: true });
  },
};

import { createHash } from "node:crypto";
import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { digestPattern } from "../../../core/lab/names.ts";
import { basePaths } from "../../../core/lab/paths.ts";
import type { BaseImageArgs, BaseImageOutputs } from "../../../core/lab/resources.ts";
import { readJson, writeJson } from "../host/files.ts";
import { withLock } from "../host/lock.ts";
import { root } from "../host/root.ts";
import { CommandFailed, run } from "../host/run.ts";
import { type ResourceHandler, UserError, type Work } from "../resource.ts";
import { list, object, pattern, text } from "../shape.ts";

/** What stands in base.json: the inputs, and what they resolved to. */
interface BaseRecord extends BaseImageArgs {
  readonly digest: string;
  /** `name=version` of every package in the base, sorted. */
  readonly resolved: readonly string[];
}

const fields = {
  suite: pattern(/^[a-z][a-z0-9-]*$/, "the name of a Debian release"),
  packages: list(pattern(/^[a-z0-9][a-z0-9.+-]*(?:=[A-Za-z0-9.+:~-]+)?$/, "a package name, or name=version")),
  customize: text(),
};
const recordShape = object<BaseRecord>({ ...fields, digest: text(), resolved: list(text()) });

/** An unpacked Debian system that machines are made from. All labs of the host share it; it stays when they go. */
export const baseImage: ResourceHandler<BaseImageArgs, BaseImageOutputs> = {
  inputs: object<BaseImageArgs>(fields),
  state: object<BaseImageOutputs>({ ...fields, digest: pattern(digestPattern, "64 hex digits"), imageId: text() }),
  secrets: [],
  changes: { suite: "replace", packages: "replace", customize: "replace" },
  deleteBeforeReplace: false,

  foresee({ suite, packages, customize }) {
    if (suite === undefined || packages === undefined || customize === undefined) return {};
    return outputs({ suite, packages, customize });
  },

  async create(inputs, work) {
    const state = outputs(inputs);
    const paths = basePaths(root, state.digest);
    await withLock(paths.lock, work.signal, async () => {
      if (!(await baseStands(state.digest))) return build(inputs, state.digest, work);
      // The newest bases are kept: one that is taken up again counts as new, before any machine refers to it.
      const now = new Date();
      await utimes(paths.record, now, now);
    });
    return { id: state.digest, state };
  },

  async read(digest, state) {
    return (await baseStands(digest)) ? state : undefined;
  },

  async update(_digest, state) {
    return state;
  },

  async delete() {
    // Kept: other labs may stand on it, and the next `up` is a minute faster.
  },
};

/** sha256 over suite, packages in any order, and the script. */
export function baseDigest({ suite, packages, customize }: BaseImageArgs): string {
  const canonical = JSON.stringify([suite, [...new Set(packages)].sort(), customize]);
  return createHash("sha256").update(canonical).digest("hex");
}

export async function baseStands(digest: string): Promise<boolean> {
  return (await readJson(basePaths(root, digest).record, recordShape)) !== undefined;
}

function outputs(inputs: BaseImageArgs): BaseImageOutputs {
  const digest = baseDigest(inputs);
  return { ...inputs, digest, imageId: `base:${digest}` };
}

async function build(inputs: BaseImageArgs, digest: string, work: Work): Promise<void> {
  const paths = basePaths(root, digest);
  await rm(paths.folder, { recursive: true, force: true });
  await rm(paths.scratch, { recursive: true, force: true });
  await mkdir(paths.scratch, { recursive: true });
  const rootfs = `${paths.scratch}/rootfs`;
  const script = `${paths.scratch}/customize.sh`;
  await writeFile(script, inputs.customize);
  work.info(`Unpacking Debian ${inputs.suite} with ${inputs.packages.length} packages (about a minute)`);
  try {
    await debootstrap(inputs, rootfs, script, work);
    await forgetHost(rootfs);
    await writeJson(`${paths.scratch}/base.json`, { ...inputs, digest, resolved: await packagesIn(rootfs) });
    await rm(script);
    await run(["sync", "--file-system", paths.scratch]);
    await rename(paths.scratch, paths.folder);
  } catch (error) {
    await rm(paths.scratch, { recursive: true, force: true });
    throw error;
  }
}

async function debootstrap({ suite, packages }: BaseImageArgs, rootfs: string, script: string, work: Work) {
  // A process tree of its own, which ends as one: apt and dpkg must not outlive a cancel.
  const argv: [string, ...string[]] = ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child=KILL"];
  argv.push("--propagation=slave", "mmdebstrap", "--variant=minbase", "--mode=root");
  if (packages.length > 0) argv.push(`--include=${packages.join(",")}`);
  argv.push(
    `--customize-hook=upload ${script} /customize.sh`,
    `--customize-hook=chroot "$1" sh -e /customize.sh`,
    `--customize-hook=rm "$1/customize.sh"`,
    suite,
    rootfs,
  );
  try {
    await run(argv, { signal: work.signal, onLine: (line) => progressOf(line, work) });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const cause = /command failed: chroot/.test(error.stderr)
      ? "its customize script failed"
      : "check the package names and the way to the Debian mirror";
    const said = error.stderr.trim().split("\n").slice(-15).join("\n");
    throw new UserError(`The base image of Debian ${suite} could not be made: ${cause}. mmdebstrap said:\n${said}`);
  }
}

/** mmdebstrap's own lines begin with "I:"; the rest is apt and dpkg at work. */
function progressOf(line: string, work: Work): void {
  const own = /^I: (?!running -|running special)(.+)/.exec(line)?.[1];
  const installing = /^Setting up ([^ ]+)/.exec(line)?.[1];
  if (own !== undefined) work.progress(own);
  else if (installing !== undefined) work.progress(`setting up ${installing}`);
}

/** mmdebstrap copies these two from the host; a machine gets its own name, and has no resolver to ask. */
async function forgetHost(rootfs: string): Promise<void> {
  await rm(`${rootfs}/etc/hostname`, { force: true });
  await rm(`${rootfs}/etc/resolv.conf`, { force: true });
}

async function packagesIn(rootfs: string): Promise<string[]> {
  const format = "$" + "{Package}=$" + "{Version}\\n";
  const listing = await run(["chroot", rootfs, "dpkg-query", "--show", `--showformat=${format}`]);
  return listing.trim().split("\n").sort();
}

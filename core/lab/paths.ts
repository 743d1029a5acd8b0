/** Where the lab keeps its state on this host. Paths only; nothing is read or made here. */

/** State root of all labs of this host; LOGOS_LAB_ROOT overrides it. */
export const defaultLabRoot = "/var/lib/logos-lab";

export function labRoot(environment: Readonly<Record<string, string | undefined>>): string {
  const override = environment.LOGOS_LAB_ROOT;
  return override === undefined || override === "" ? defaultLabRoot : override.replace(/\/+$/, "");
}

export interface BasePaths {
  readonly folder: string;
  /** The unpacked system; never written again once `record` stands. */
  readonly rootfs: string;
  readonly record: string;
  /** Where the base is made before it is renamed to `folder`. */
  readonly scratch: string;
  readonly lock: string;
}

export interface ImagePaths {
  readonly folder: string;
  /** Overlay layer over its base. */
  readonly layer: string;
  readonly record: string;
  readonly scratch: string;
  readonly lock: string;
}

export interface LabPaths {
  readonly folder: string;
  readonly record: string;
  readonly locks: string;
  /** Mount point of a tmpfs, 0700: nothing below it ever touches a disk. */
  readonly secrets: string;
  readonly machines: string;
  readonly volumes: string;
  readonly pools: string;
  /** One empty file per image digest that a Snapshot of this lab holds on to. */
  readonly images: string;
}

export interface MachinePaths {
  readonly folder: string;
  readonly record: string;
  /** Process id and start time of systemd-nspawn, one line. */
  readonly process: string;
  readonly disk: string;
  readonly diskMount: string;
  readonly upper: string;
  readonly work: string;
  readonly root: string;
  readonly console: string;
  readonly lock: string;
  /** Credential files, on the lab's tmpfs. */
  readonly credentials: string;
}

export interface VolumePaths {
  readonly file: string;
  readonly record: string;
}

export interface PoolPaths {
  readonly folder: string;
  readonly spec: string;
  readonly status: string;
  readonly managerPid: string;
  /** Digest of the sources that the running manager was started from. */
  readonly managerCode: string;
  readonly managerLog: string;
  readonly lock: string;
  /** On the lab's tmpfs. */
  readonly secrets: string;
}

export function basesFolder(root: string): string {
  return `${root}/base`;
}

export function basePaths(root: string, digest: string): BasePaths {
  const folder = `${basesFolder(root)}/${digest}`;
  return {
    folder,
    rootfs: `${folder}/rootfs`,
    record: `${folder}/base.json`,
    scratch: `${folder}.tmp`,
    lock: `${folder}.lock`,
  };
}

export function imagesFolder(root: string): string {
  return `${root}/images`;
}

export function imagePaths(root: string, digest: string): ImagePaths {
  const folder = `${imagesFolder(root)}/${digest}`;
  return {
    folder,
    layer: `${folder}/layer`,
    record: `${folder}/image.json`,
    scratch: `${folder}.tmp`,
    lock: `${folder}.lock`,
  };
}

export function labsFolder(root: string): string {
  return `${root}/labs`;
}

/** Held while an address is chosen for a new lab or images are pruned. */
export function hostLock(root: string): string {
  return `${root}/host.lock`;
}

export function labPaths(root: string, labId: string): LabPaths {
  const folder = `${labsFolder(root)}/${labId}`;
  return {
    folder,
    record: `${folder}/lab.json`,
    locks: `${folder}/locks`,
    secrets: `${folder}/secrets`,
    machines: `${folder}/machines`,
    volumes: `${folder}/volumes`,
    pools: `${folder}/pools`,
    images: `${folder}/images`,
  };
}

/** Held while the lab's addresses, firewall or mounts change. */
export function labLock(root: string, labId: string): string {
  return `${labPaths(root, labId).locks}/lab`;
}

export function machinePaths(root: string, labId: string, name: string): MachinePaths {
  const lab = labPaths(root, labId);
  const folder = `${lab.machines}/${name}`;
  return {
    folder,
    record: `${folder}/machine.json`,
    process: `${folder}/process`,
    disk: `${folder}/disk.img`,
    diskMount: `${folder}/disk`,
    upper: `${folder}/disk/upper`,
    work: `${folder}/disk/work`,
    root: `${folder}/root`,
    console: `${folder}/console.log`,
    lock: `${lab.locks}/machine-${name}`,
    credentials: `${lab.secrets}/machines/${name}`,
  };
}

export function volumePaths(root: string, labId: string, name: string): VolumePaths {
  const { volumes } = labPaths(root, labId);
  return { file: `${volumes}/${name}.img`, record: `${volumes}/${name}.json` };
}

export function poolPaths(root: string, labId: string, name: string): PoolPaths {
  const lab = labPaths(root, labId);
  const folder = `${lab.pools}/${name}`;
  return {
    folder,
    spec: `${folder}/spec.json`,
    status: `${folder}/status.json`,
    managerPid: `${folder}/manager.pid`,
    managerCode: `${folder}/manager.code`,
    managerLog: `${folder}/manager.log`,
    lock: `${lab.locks}/pool-${name}`,
    secrets: `${lab.secrets}/pools/${name}`,
  };
}

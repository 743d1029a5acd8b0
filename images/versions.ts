/** Every version that an image depends on, and where each comes from. */

/** Debian release of the lab's machines: Debian 13. It ships Slurm 24.11 (slurm.jwks needs 24.05) and Node 20. */
export const suite = "trixie";

/** Exact version of the proof kernel in Debian 13. A new one is a new image and a review of the pins. */
export const coqPackageVersion = "8.20.1+dfsg-1+b1";

/**
 * Packages of every machine, one base for all roles. Only the proof kernel is pinned to one version: the others get the
 * security fixes of the release, and the list that was installed is part of the signed image record.
 */
export const packages: readonly string[] = [
  "systemd",
  "systemd-sysv",
  "dbus",
  "openssh-server",
  "sudo",
  // sudo looks up the machine's own name, which no name server knows.
  "libnss-myhostname",
  "nftables",
  "iproute2",
  "fscrypt",
  "e2fsprogs",
  "nodejs",
  "python3",
  "git",
  "make",
  "slurmd",
  "slurmctld",
  "slurm-client",
  `coq=${coqPackageVersion}`,
  `libcoq-core-ocaml=${coqPackageVersion}`,
  `libcoq-stdlib=${coqPackageVersion}`,
];

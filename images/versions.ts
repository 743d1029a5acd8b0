import type { Role } from "../core/roles.ts";

/** Every version that an image depends on, and where each comes from. */

/** Debian release of the lab's machines: Debian 13. It ships Slurm 24.11 (slurm.jwks needs 24.05) and Node 20. */
export const suite = "trixie";

/** Exact version of the proof kernel in Debian 13. A new one is a new image and a review of the pins. */
export const coqPackageVersion = "8.20.1+dfsg-1+b1";

/** Packages by who needs them: `all` machines, or those of one role. */
type PackagesByRole = { readonly [R in Role | "all"]?: readonly string[] };

/**
 * Of a platform's archive. Only the proof kernel is pinned to one version: the others get the security fixes of the release,
 * and the list that was installed is part of the signed image record.
 */
const everywhere: PackagesByRole = {
  all: [
    "systemd",
    "systemd-sysv",
    "dbus",
    "openssh-server",
    "sudo",
    // sudo looks up the machine's own name, which no name server knows.
    "libnss-myhostname",
    "nftables",
    "iproute2",
    "nodejs",
    "e2fsprogs",
  ],
  control: ["slurmctld", "slurm-client"],
  node: ["slurmd", "slurm-client", "fscrypt", "python3", "git", "make"],
};

/** Machines that are not made from the lab's base, as `/etc/os-release` names them: ID-VERSION_ID. */
export const platforms = {
  "debian-13": {
    ...everywhere,
    node: [
      ...(everywhere.node ?? []),
      `coq=${coqPackageVersion}`,
      `libcoq-core-ocaml=${coqPackageVersion}`,
      `libcoq-stdlib=${coqPackageVersion}`,
    ],
  },
  "ubuntu-24.04": {
    ...everywhere,
    // Slurm and Coq are built: see `built`. These are what that needs, and what the programs need when they run.
    control: [],
    node: ["fscrypt", "python3", "git", "make"],
  },
} as const satisfies Readonly<Record<string, PackagesByRole>>;

/** Packages of every machine of the lab: one base for all roles. */
export const packages: readonly string[] = [...new Set(Object.values(platforms["debian-13"]).flat())];

/** `/etc/logos/packages`, which `prepare-stock` reads: one line a package, platform, who needs it, name or name=version. */
export function renderPackages(): string {
  return Object.entries(platforms)
    .flatMap(([platform, byRole]: readonly [string, PackagesByRole]) =>
      Object.entries(byRole).flatMap(([role, names]) => names.map((name) => `${platform} ${role} ${name}\n`)),
    )
    .join("");
}

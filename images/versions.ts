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

const slurmBuild = [
  "build-essential",
  "dpkg-dev",
  "git",
  "ca-certificates",
  "pkg-config",
  "libjwt-dev",
  "libjson-c-dev",
  "libdbus-1-dev",
  "libsystemd-dev",
] as const;

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
    // Slurm and Coq are built (`sources`): what that takes, and what the programs need when they run.
    control: slurmBuild,
    node: [...slurmBuild, "opam", "m4", "libgmp-dev", "fscrypt", "python3", "make"],
  },
} as const satisfies Readonly<Record<string, PackagesByRole>>;

/**
 * What a platform's archive has not, or not as it must be, by full commit. Ubuntu 24.04 ships Slurm 23.11, which does not know
 * slurm.jwks (24.05): its keys could be exchanged only by stopping everything, so the release that Debian 13 has is built, and
 * one way of rotation holds on every target. Coq 8.18.0 is the last of 8.18 (8.18.1 does not exist), with OCaml 4.14.2 and the
 * versions beside it that it was built with before (dune below 3.24, which coq-core 8.18.0 asks for).
 */
export const sources = {
  "ubuntu-24.04": {
    "slurm-url": "https://github.com/SchedMD/slurm.git",
    // Tag slurm-24-11-5-1, as Debian's source archive of 24.11.5 names its commit.
    "slurm-commit": "e4788bed70462dc5e14b1b170d271d7495a0f334",
    "opam-repository": "git+https://github.com/ocaml/opam-repository.git#3f11c2a6ff49cb3786a9201432c4caa91bda0a59",
    "opam-packages": "ocaml-base-compiler.4.14.2 dune.3.17.2 ocamlfind.1.9.6 zarith.1.13 coq.8.18.0",
  },
} as const satisfies { readonly [P in keyof typeof platforms]?: Readonly<Record<string, string>> };

/** `/etc/logos/sources`, which `build-stock` reads: platform, name, value. */
export function renderSources(): string {
  return Object.entries(sources)
    .flatMap(([platform, values]) => Object.entries(values).map(([name, value]) => `${platform} ${name} ${value}\n`))
    .join("");
}

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

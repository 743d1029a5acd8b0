import { existsSync, readFileSync } from "node:fs";
import { SetupError, say } from "./report.ts";
import { run } from "./run.ts";

/** What the tests run on the host beside that: the reference proofs with Debian's own Coq, older than the machines'. */
const testPackages = ["coq", "make"] as const;

/** What the lab runs on its host, by Debian package. */
const labPackages = [
  "debian-archive-keyring",
  "e2fsprogs",
  "fscrypt",
  "git",
  "iproute2",
  "mmdebstrap",
  "nftables",
  "openssh-client",
  "procps",
  // Makes the reference workload's repository.
  "python3",
  "systemd-container",
  "util-linux",
  "zstd",
] as const;

/** Debian 12's keyring has had the keys of Debian 13, which the lab's machines run, since 2023.3+deb12u2. */
const keysOfDebian13 = "/usr/share/keyrings/debian-archive-trixie-stable.gpg";

/** What decides whether packages can be installed on a host. */
export interface Host {
  /** Major release when the host is Debian. */
  readonly debian: string | undefined;
  readonly root: boolean;
}

/**
 * Makes the lab's packages present on this host; asks dpkg alone when they are.
 *
 * @throws SetupError when they are missing and this is no Debian 12 or 13, or the user is not root, or apt-get fails.
 */
export function ensureLabPackages(host: Host = thisHost(), forTests = false): void {
  const packages = forTests ? [...labPackages, ...testPackages] : labPackages;
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  refuseElsewhere(host, missing);
  say(`installing Debian packages for the lab: ${missing.join(" ")}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const steps: readonly (readonly [string, ...string[]])[] = [
    // What an earlier run left half-configured when it was killed.
    ["dpkg", "--configure", "-a"],
    ["apt-get", "-q", "update"],
    ["apt-get", "-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "install", ...missing],
  ];
  for (const [program, ...args] of steps) {
    const result = run(program, args, { env: environment });
    if (!result.ok) throw new SetupError(`${program} ${args.join(" ")} failed:\n${result.complaint}`);
  }
  const still = missingPackages(packages);
  if (still.length > 0)
    throw new SetupError(`apt-get reports success, but these are not installed: ${still.join(" ")}`);
}

function missingPackages(packages: readonly string[]): string[] {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's.
  const asked = run("dpkg-query", ["--show", "--showformat=${Package} ${db:Status-Status}\\n", ...packages]);
  const installed = new Set(asked.stdout.split("\n"));
  return packages.filter(
    (name) => !installed.has(`${name} installed`) || (name === "debian-archive-keyring" && !existsSync(keysOfDebian13)),
  );
}

function refuseElsewhere(host: Host, missing: readonly string[]): void {
  const needed = `The lab needs the Debian packages ${missing.join(", ")}`;
  if (host.debian !== "12" && host.debian !== "13") {
    throw new SetupError(
      `${needed}. They are installed by themselves on Debian 12 and 13 only: install them, or use such a host.`,
    );
  }
  if (!host.root) throw new SetupError(`${needed}. Run the same command as root.`);
}

function thisHost(): Host {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return {
    debian: /^ID=debian$/m.test(release) ? /^VERSION_ID="?(\d+)"?$/m.exec(release)?.[1] : undefined,
    root: process.getuid?.() === 0,
  };
}

import { existsSync, readFileSync } from "node:fs";
import { SetupError, say } from "./report.ts";
import { run } from "./run.ts";

/** What the lab runs on its host, by Debian package. */
const packages = [
  "debian-archive-keyring",
  "e2fsprogs",
  "fscrypt",
  "git",
  "iproute2",
  "mmdebstrap",
  "nftables",
  "openssh-client",
  "procps",
  "systemd-container",
  "util-linux",
  "zstd",
] as const;

/** Debian 12's keyring has had the keys of Debian 13, which the lab's machines run, since 2023.3+deb12u2. */
const keysOfDebian13 = "/usr/share/keyrings/debian-archive-trixie-stable.gpg";

/**
 * Makes the lab's packages present on this host; asks dpkg alone when they are.
 *
 * @throws SetupError when they are missing and this is no Debian 12 or 13, or the user is not root, or apt-get fails.
 */
export function ensureLabPackages(): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  refuseElsewhere(missing);
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
  const still = missingPackages();
  if (still.length > 0) throw new SetupError(`apt-get installed these packages, but not wholly: ${still.join(" ")}`);
}

function missingPackages(): string[] {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's.
  const asked = run("dpkg-query", ["--show", "--showformat=${Package} ${db:Status-Status}\\n", ...packages]);
  const installed = new Set(asked.stdout.split("\n").filter((line) => line.endsWith(" installed")));
  return packages.filter(
    (name) => !installed.has(`${name} installed`) || (name === "debian-archive-keyring" && !existsSync(keysOfDebian13)),
  );
}

function refuseElsewhere(missing: readonly string[]): void {
  const needed = `The lab needs the Debian packages ${missing.join(", ")}`;
  const release = debianRelease();
  if (release !== "12" && release !== "13") {
    throw new SetupError(
      `${needed}, which are installed by themselves on Debian 12 and 13 only. Install them, or use such a host.`,
    );
  }
  if (process.getuid?.() !== 0) throw new SetupError(`${needed}. Run the same command as root.`);
}

function debianRelease(): string | undefined {
  if (!existsSync("/etc/os-release")) return undefined;
  const text = readFileSync("/etc/os-release", "utf8");
  return /^ID=debian$/m.test(text) ? /^VERSION_ID="?(\d+)"?$/m.exec(text)?.[1] : undefined;
}

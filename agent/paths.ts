import { join } from "node:path";

/** Where the agent finds and leaves its files. Tests give folders of their own. */
export interface Paths {
  /** Baked, covered by the signed manifest. */
  readonly image: string;
  readonly imageSignature: string;
  readonly manifest: string;
  readonly pins: string;
  readonly workload: string;
  readonly smoke: string;
  readonly installed: string;
  /** Made at boot, on a tmpfs, writable by root alone. */
  readonly machine: string;
  readonly allowedSigners: string;
  readonly peers: string;
  readonly runtimeResources: string;
  readonly verdict: string;
  readonly slurmdEnvironment: string;
  readonly verified: string;
  readonly healthCursor: string;
  /** When the controller was last heard of: seconds of /proc/uptime. */
  readonly heard: string;
}

export function pathsUnder(etc: string, run: string): Paths {
  return {
    image: join(etc, "image.json"),
    imageSignature: join(etc, "image.json.sig"),
    manifest: join(etc, "manifest.sha256"),
    pins: join(etc, "pins.json"),
    workload: join(etc, "workload.json"),
    smoke: join(etc, "smoke.json"),
    installed: join(etc, "installed"),
    machine: join(run, "machine.json"),
    allowedSigners: join(run, "allowed_signers"),
    peers: join(run, "peers.nft"),
    runtimeResources: join(run, "runtime_resources.json"),
    verdict: join(run, "verdict.json"),
    slurmdEnvironment: join(run, "slurmd.env"),
    verified: join(run, "verified.json"),
    healthCursor: join(run, "health.json"),
    heard: join(run, "heard"),
  };
}

export const machinePaths = pathsUnder("/etc/logos", "/run/logos");

/** The workload's checkout on every machine that rebuilds proofs. */
export const checkoutPath = "/opt/logos/workload";

/** On the encrypted cache disk: the checkout's own state/ is part of what the gate verifies and stays untouched. */
export const stateFolder = "/var/logos-cache/state";

/** On the control plane: the commits that the pool's image holds, its own first, one a line. */
export const historyPath = "/etc/logos/workload-history";

import type { RemoteHost } from "./host.ts";
import { installCommand, type RoleFiles, stageFiles } from "./stage.ts";

export interface SetUpArgs {
  readonly files: RoleFiles;
  /** `stock`: the machine was born from a vendor's image, so that what it needs is installed first. */
  readonly machines: "prebuilt" | "stock";
  /** Programs below /usr/lib/logos that make the files take effect, in this order. Each must be safe to run again. */
  readonly programs: readonly string[];
}

/** Puts a role's files on a machine and makes them take effect. */
export function setUp(host: RemoteHost, { files, machines, programs }: SetUpArgs): void {
  stageFiles(host, files);
  const activate = programs.map((program) => `sudo /usr/lib/logos/${program}`);
  if (machines === "prebuilt") {
    host.run("install", { command: [installCommand(files), ...activate].join(" && ") });
    return;
  }
  host.run("install", { command: installCommand(files) });
  const { unit, command, timeoutSeconds } = prepareStep(files);
  host.step("prepare", unit, command, timeoutSeconds);
  host.run("activate", { command: activate.join(" && ") });
}

/**
 * Installs on a stock machine what its role's files ask for (`images/files/stock`): packages of exact versions, the
 * proof kernel, users, and everything that a prebuilt base is born with. It fetches, so it takes minutes.
 */
export function prepareStep(files: RoleFiles): {
  readonly unit: string;
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
} {
  const role = files.trees.at(-1)?.split("/").at(-1) ?? "";
  return {
    unit: `logos-prepare-${files.digest.slice(0, 12)}`,
    command: ["/usr/lib/logos/prepare-stock", role],
    // Coq from source takes 12 CPU minutes on two cores (reference build); twice that, for a small machine.
    timeoutSeconds: 2400,
  };
}

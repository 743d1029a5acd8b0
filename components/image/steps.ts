import { prepareStep } from "../remote/set-up.ts";
import { installCommand, type RoleFiles, stageFolder } from "../remote/stage.ts";

/** One step of a bake, in the order in which they are taken. */
export type BakeStep =
  | { readonly name: string; readonly kind: "run"; readonly command: string; readonly input?: "signing key" }
  | {
      readonly name: string;
      readonly kind: "step";
      readonly unit: string;
      readonly command: readonly string[];
      readonly timeoutSeconds: number;
    };

/** Path on the builder of the workload's Git bundle, relative to the login user's home. */
export function bundlePath(files: RoleFiles): string {
  return `${stageFolder(files.digest)}/workload.bundle`;
}

/**
 * What is done on a builder once the files are staged. The capture follows the last step, so a smoke rebuild that fails
 * leaves no image. The texts are part of the recipe: the commands of a captured builder, which is off, must never change.
 *
 * @param digest recipe digest; while the recipe itself is being made, a placeholder.
 */
export function bakeSteps(
  files: RoleFiles,
  commit: string,
  digest: string,
  machines: "prebuilt" | "stock",
): readonly BakeStep[] {
  return [
    { name: "install", kind: "run", command: installCommand(files) },
    ...(machines === "stock" ? [{ name: "prepare", kind: "step", ...prepareStep(files) } as const] : []),
    {
      name: "workload",
      kind: "run",
      command: `sudo /usr/lib/logos/install-workload ${bundlePath(files)} ${commit}`,
    },
    {
      name: "smoke",
      kind: "step",
      unit: `logos-bake-${files.digest.slice(0, 12)}`,
      command: ["/usr/bin/logos-agent", "gate", "--bake"],
      timeoutSeconds: 900,
    },
    {
      name: "manifest",
      kind: "run",
      command: `sudo /usr/bin/logos-agent manifest write --digest ${digest}`,
      input: "signing key",
    },
    { name: "seal", kind: "run", command: "sudo /usr/lib/logos/seal" },
    // What it looks for on the machine is what an image must not hold, so it comes after the seal.
    { name: "spec", kind: "run", command: "sudo /usr/lib/logos/image-spec" },
  ];
}

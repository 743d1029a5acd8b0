import * as pulumi from "@pulumi/pulumi";
import type { ImageArgs, Parts } from "../contract.ts";
import type { RemoteHost } from "../remote/host.ts";
import { stageFiles } from "../remote/stage.ts";
import { bakeSteps, bundlePath } from "./steps.ts";

/**
 * Bakes the image of a recipe on a builder, the same way on every target.
 * @returns what a capture must depend on: it stands only when every step, the smoke rebuild too, has passed.
 */
export function bake<P extends Parts>(
  builder: RemoteHost,
  args: Pick<ImageArgs<P>, "files" | "workload" | "digest" | "signer">,
  machines: "prebuilt" | "stock",
): pulumi.Resource {
  stageFiles(builder, args.files);
  builder.copy("workload", new pulumi.asset.FileAsset(args.workload.bundle), bundlePath(args.files));
  for (const step of bakeSteps(args.files, args.workload.commit, args.digest, machines)) {
    if (step.kind === "step") builder.step(step.name, step.unit, step.command, step.timeoutSeconds);
    else if (step.input === undefined) builder.run(step.name, { command: step.command });
    else builder.run(step.name, { command: step.command, secretInput: args.signer.privateKey });
  }
  return builder.done;
}

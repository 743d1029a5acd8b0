import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { vi } from "vitest";
import { defaults, type SubstrateConfig } from "../../core/config/schema.ts";
import { type MockedEngine, mockEngine, outputValue, settled } from "./engine.ts";
import { answers } from "./targets.ts";

export const digest = "ab".repeat(32);

/** Where the files of each role are staged, by the digests that they have here. */
export const stages = { bastion: "stage/111111111111", image: "stage/333333333333" };

const role = (name: string, letter: string) => ({
  digest: letter.repeat(64),
  trees: ["/repository/images/files/common", `/repository/images/files/${name}`],
  files: [{ path: `/etc/logos/${name}.conf`, content: { text: name } }],
});
const files = { bastion: role("bastion", "1"), control: role("control", "2"), image: role("node", "3") };

/** Declares the whole substrate to a mocked engine, as `index.ts` does. */
export async function declareSubstrate(
  config: SubstrateConfig = defaults,
  imageState = { exists: false, hasBuilder: false },
  opts?: ComponentResourceOptions,
): Promise<{
  readonly engine: MockedEngine;
  readonly operatorKey: string;
  readonly openTunnelWith: string | undefined;
}> {
  vi.resetModules();
  const engine = await mockEngine({ ...answers[config.place.target](imageState), stack: "dev" });
  const { targetOf } = await import("../../components/targets.ts");
  const target = await targetOf(config.place);
  const args = {
    config,
    base: { suite: "trixie", packages: ["systemd"], customize: "true" },
    files,
    workload: {
      repository: "./workload",
      commit: "c".repeat(40),
      bundle: "/repository/build/workload/c.bundle",
      history: ["c".repeat(40)],
    },
    imageDigest: digest,
    imageState: await target.findImage(digest),
  };
  const stands = target.stand("logos", args, opts);
  await settled();
  const { openTunnelWith } = stands.bastion;
  return {
    engine,
    operatorKey: await outputValue(stands.operatorKey),
    openTunnelWith: openTunnelWith && (await outputValue(openTunnelWith)),
  };
}

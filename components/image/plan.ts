import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../../core/digest.ts";
import { filesDigest, filesFolder } from "../../images/files.ts";
import { recipeDigest } from "../../images/recipe.ts";
import { packages, renderPackages, renderSources, suite } from "../../images/versions.ts";
import type { BaseImageArgs } from "../contract.ts";
import type { RoleFiles, StagedFile } from "../remote/stage.ts";
import type { Target } from "../target.ts";
import type { Workload } from "../workload.ts";
import { bakeSteps } from "./steps.ts";

/** The agent as one file on this host. */
export interface AgentBundle {
  readonly file: string;
  readonly sha256: string;
}

/** What the images room says machines are made of, gathered for one workload: known before any resource is declared. */
export interface ImagePlan {
  readonly base: BaseImageArgs;
  readonly files: { readonly bastion: RoleFiles; readonly control: RoleFiles; readonly image: RoleFiles };
  /** Names the image of the nodes: 64 hex. */
  readonly digest: string;
}

/** @param pinsText the pins file, as it was reviewed. */
export function planImage(
  workload: Workload,
  agent: AgentBundle,
  pinsText: string,
  { machines, trees, vendorImage }: Pick<Target, "machines" | "trees" | "vendorImage">,
): ImagePlan {
  const base: BaseImageArgs = {
    suite,
    packages,
    customize: [join(filesFolder, "stock/usr/lib/logos/base-system"), join(filesFolder, "../base/customize.sh")]
      .map((file) => readFileSync(file, "utf8"))
      .join("\n"),
  };
  const workloadRecord = { repository: workload.repository, commit: workload.commit };
  const treesOf = (role: string): readonly string[] => [
    "common",
    ...(machines === "stock" ? ["stock"] : []),
    ...trees,
    role,
  ];
  const stock =
    machines === "stock"
      ? [
          { path: "/etc/logos/packages", text: renderPackages() },
          { path: "/etc/logos/sources", text: renderSources() },
        ]
      : [];
  const image = roleFiles(treesOf("node"), agent, [
    ...stock,
    { path: "/etc/logos/pins.json", text: pinsText },
    { path: "/etc/logos/workload.json", text: `${JSON.stringify(workloadRecord, null, 2)}\n` },
  ]);
  return {
    base,
    files: {
      bastion: roleFiles(treesOf("bastion"), agent, stock),
      control: roleFiles(treesOf("control"), agent, stock),
      image,
    },
    digest: recipeDigest({
      baseDigest: sha256Hex(JSON.stringify(vendorImage ?? base)),
      filesDigest: filesDigest(treesOf("node")),
      agentSha256: agent.sha256,
      workload: workloadRecord,
      pinsSha256: sha256Hex(pinsText),
      steps: bakeSteps(image, workload.commit, "<digest>", machines).map((step) => JSON.stringify(step)),
    }),
  };
}

function roleFiles(
  trees: readonly string[],
  agent: AgentBundle,
  texts: readonly { readonly path: string; readonly text: string }[],
): RoleFiles {
  const files: StagedFile[] = [
    { path: "/usr/lib/logos/logos-agent.mjs", content: { file: agent.file } },
    ...texts.map(({ path, text }) => ({ path, content: { text } })),
  ];
  return {
    digest: sha256Hex(JSON.stringify([filesDigest(trees), agent.sha256, texts.map(({ path, text }) => [path, text])])),
    trees: trees.map((tree) => join(filesFolder, tree)),
    files,
  };
}

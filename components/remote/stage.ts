import * as pulumi from "@pulumi/pulumi";
import { sha256Hex } from "../../core/digest.ts";
import type { RemoteHost } from "./host.ts";
import { shellQuote } from "./shell.ts";

/** What is put on machines of one role. Folders mirror `/` of the machine. */
export interface RoleFiles {
  /** Digest of everything below: another content is staged in another folder, so that nothing old is left among it. */
  readonly digest: string;
  /** Folders on this host, installed in this order. The last part of each path names it on the machine. */
  readonly trees: readonly string[];
  /** Single files beside the trees. */
  readonly files: readonly StagedFile[];
}

export interface StagedFile {
  /** Where it belongs on the machine, absolute. */
  readonly path: string;
  readonly content: { readonly file: string } | { readonly text: string };
}

/** Files of a role with more beside them, under a digest of all. */
export function withFiles(
  files: RoleFiles,
  more: readonly { readonly path: string; readonly text: string }[],
): RoleFiles {
  const texts = more.map(({ path, text }) => ({ path, content: { text } }));
  return {
    digest: sha256Hex(JSON.stringify([files.digest, more.map(({ path, text }) => [path, text])])),
    trees: files.trees,
    files: [...files.files, ...texts],
  };
}

/** Folder on the machine, below the login user's home, in which content of this digest is staged. */
export function stageFolder(digest: string): string {
  return `stage/${digest.slice(0, 12)}`;
}

/** The command that removes all that was ever staged. */
export const unstageCommand = "rm -rf stage";

/** The command that moves staged content to where it belongs, with the modes it must have. */
export function installCommand(files: RoleFiles): string {
  const stage = stageFolder(files.digest);
  const trees = files.trees.map((tree) => `${stage}/${treeName(tree)}`);
  const all = files.files.length === 0 ? trees : [...trees, `${stage}/${singleFiles}`];
  // The program that installs comes with the files themselves, so it is run from where it was staged.
  return ["sudo", "sh", `${trees[0]}/usr/lib/logos/install-files`, ...all].map(shellQuote).join(" ");
}

/** Copies a role's files to the stage of a machine; `installCommand` then takes them from there. */
export function stageFiles(host: RemoteHost, files: RoleFiles): void {
  const stage = stageFolder(files.digest);
  for (const tree of files.trees) host.copy(`files-${treeName(tree)}`, new pulumi.asset.FileArchive(tree), stage);
  for (const { path, content } of files.files) {
    const asset =
      "file" in content ? new pulumi.asset.FileAsset(content.file) : new pulumi.asset.StringAsset(content.text);
    host.copy(`file-${resourceName(path)}`, asset, `${stage}/${singleFiles}${path}`);
  }
}

const singleFiles = "single";

function treeName(tree: string): string {
  return tree.slice(tree.lastIndexOf("/") + 1);
}

function resourceName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/[^A-Za-z0-9]+/g, "-");
}

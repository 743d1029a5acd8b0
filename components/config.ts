import { existsSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { explainMistakes, type Mistake, parseConfig } from "../core/config/parse.ts";
import type { SubstrateConfig } from "../core/config/schema.ts";

/** The part of this host that decides whether a target can run here. */
export interface Host {
  readonly platform: string;
  /** Numeric user id, undefined where there is none. */
  readonly uid: number | undefined;
}

export const thisHost: Host = { platform: process.platform, uid: process.getuid?.() };

/**
 * The configuration of the running stack, checked once and frozen.
 *
 * @param root folder that relative paths start from: the project's.
 * @throws pulumi.RunError that names every mistake with its key; Pulumi prints its message without a stack trace.
 */
export function readConfig(root: string, host: Host = thisHost): SubstrateConfig {
  const project = pulumi.getProject();
  const parsed = parseConfig(configOf(project), project);
  const mistakes = parsed.ok ? mistakesOnHost(parsed.config, project, root, host) : parsed.mistakes;
  if (!parsed.ok || mistakes.length > 0) throw new pulumi.RunError(explainMistakes(pulumi.getStack(), mistakes));
  return parsed.config;
}

/** Is `repository` something to fetch, rather than a folder of this host? */
export function isUrl(repository: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(repository) || /^[^/\s]+@[^/\s:]+:/.test(repository);
}

function configOf(project: string): Readonly<Record<string, string>> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function mistakesOnHost(config: SubstrateConfig, project: string, root: string, host: Host): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const { repository, pins } = config.workload;
  if (!isUrl(repository) && !existsSync(resolve(root, repository))) {
    mistakes.push({
      key: `${project}:workload.repository`,
      given: repository,
      allowed: "a folder that exists (relative to the project's) or the URL of a Git repository",
    });
  }
  if (!existsSync(resolve(root, pins))) {
    mistakes.push({
      key: `${project}:workload.pins`,
      given: pins,
      allowed:
        "a file that exists (relative to the project's folder); `logos-agent gate --propose` prints one to review",
    });
  }
  if (config.place.target === "metal" && !existsSync(resolve(root, config.place.metal.signers))) {
    mistakes.push({
      key: `${project}:metal.signers`,
      given: config.place.metal.signers,
      allowed:
        'a file that exists (relative to the project\'s folder): a line for each key, NAME namespaces="git" ssh-ed25519 AAAA…',
    });
  }
  if (config.place.target !== "lab") return mistakes;
  if (host.platform !== "linux") {
    mistakes.push({
      key: `${project}:target`,
      given: config.place.target,
      allowed: `a Linux host; this is ${host.platform}`,
    });
  } else if (host.uid !== 0) {
    mistakes.push({
      key: `${project}:target`,
      given: config.place.target,
      allowed: "for root: it makes machines, bridges and mounts on this host. Run the same command as root",
    });
  }
  return mistakes;
}

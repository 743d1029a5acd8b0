import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * The name under which everything of this stack stands on the host. A stack name that is short, and plain enough for a
 * host name, is taken as it is; any other is cut and told apart by a hash.
 */
export function labId(): string {
  return labIdOf(pulumi.getProject(), pulumi.getStack());
}

export function labIdOf(project: string, stack: string): string {
  const wanted = `${project}-${stack}`;
  if (/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(wanted)) return wanted;
  const plain = wanted
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 23);
  return `${plain}-${createHash("sha256").update(wanted).digest("hex").slice(0, 8)}`.replace(/-{2,}/g, "-");
}

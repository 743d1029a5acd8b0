import type * as pulumi from "@pulumi/pulumi";
import { sha256Hex } from "../../core/digest.ts";
import type { Hop } from "../remote/connection.ts";
import { RemoteHost } from "../remote/host.ts";
import { installCommand, type RoleFiles, stageFiles, stageFolder, unstageCommand } from "../remote/stage.ts";
import type { HandOut } from "./credentials.ts";

export interface ServerArgs {
  readonly role: "bastion" | "control";
  readonly at: Hop;
  readonly via?: Hop;
  readonly privateKey: pulumi.Input<string>;
  readonly files: RoleFiles;
  readonly handOut: HandOut;
  /** Which boot of the machine this is, where it has secrets in its memory. */
  readonly boot?: pulumi.Input<string>;
  /** Programs below /usr/lib/logos that make the files take effect, in this order. */
  readonly programs: readonly string[];
  readonly parent: pulumi.Resource;
  readonly after?: readonly pulumi.Resource[];
}

/** A machine is another one when its host key is: it was installed anew, and nothing of what was done on it is there. */
export function installation(hostKey: string): string {
  return sha256Hex(hostKey).slice(0, 16);
}

/** Sets up a bastion or control plane that stands, and takes it all back when it is no longer declared. */
export function setUpServer(name: string, hostKey: string, args: ServerArgs): RemoteHost {
  const { files, parent, via, after } = args;
  const host = new RemoteHost(name, {
    instanceId: installation(hostKey),
    at: args.at,
    privateKey: args.privateKey,
    parent,
    ...(via === undefined ? {} : { via }),
    ...(after === undefined ? {} : { after }),
  });
  stageOwned(host, files);
  host.run("member", { command: "sudo -n true", undo: leaveCommand(files, args.role, name), timeoutSeconds: 600 });
  host.run("install", { command: installCommand(files) });
  host.step(
    "prepare",
    `prepare-${files.digest.slice(0, 12)}`,
    ["/usr/lib/logos/prepare-stock", args.role, "owned"],
    2400,
  );
  const boots = args.boot === undefined ? [] : [args.boot];
  host.run("credentials", {
    command: "sudo /usr/lib/logos/host-credentials",
    secretInput: args.handOut.text,
    again: boots,
  });
  host.run("activate", {
    command: args.programs.map((program) => `sudo /usr/lib/logos/${program}`).join(" && "),
    again: [args.handOut.digest, files.digest, ...boots],
  });
  return host;
}

/** Stages files on a machine that stays, and has them removed last: by then `leaveCommand` has run from among them. */
export function stageOwned(host: RemoteHost, files: RoleFiles): void {
  host.run("stage", { command: "sudo -n true", undo: unstageCommand });
  stageFiles(host, files);
}

/**
 * Takes the substrate off a machine, and may do so again: a run that is killed before it noted that does. The program comes with the
 * staged files, so that it is there whatever else is not.
 */
export function leaveCommand(files: RoleFiles, role: "bastion" | "control" | "node", name: string): string {
  return `sudo sh ${stageFolder(files.digest)}/metal/usr/lib/logos/host-leave ${role} ${name}`;
}

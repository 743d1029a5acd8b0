import { Command } from "@pulumi/command/remote/command.js";
import { CopyToRemote } from "@pulumi/command/remote/copyToRemote.js";
import type * as pulumi from "@pulumi/pulumi";
import { type Hop, type PinnedConnection, pinnedConnection } from "./connection.ts";
import { shellQuote } from "./shell.ts";

export interface RemoteHostArgs {
  /** Gone, it takes with it what was done on it. Absent: the machine was there before, and stays. */
  readonly machine?: pulumi.Resource;
  /** New for each machine ever made. */
  readonly instanceId: pulumi.Input<string>;
  /** Where the machine is reached, and the key by which it proves itself. */
  readonly at: Hop;
  readonly privateKey: pulumi.Input<string>;
  /** The bastion; absent only for the bastion itself. */
  readonly via?: Hop;
  readonly parent: pulumi.Resource;
  /** The first command, by which it is seen that the machine lets us in; `sudo -n true` unless its profile permits no such thing. */
  readonly knock?: string;
  /** What must stand before the first connection, for example the bastion's own set-up. */
  readonly after?: readonly pulumi.Resource[];
}

export interface RunArgs {
  /** Shell text. It must be safe to run again, and hold no secret: the plugin prints it when it fails. */
  readonly command: pulumi.Input<string>;
  /** What only standard input may carry. The output of such a command is kept out of logs and is secret. */
  readonly secretInput?: pulumi.Input<string>;
  /** What must stand first, beside what was declared on this host before. */
  readonly after?: readonly pulumi.Resource[];
  /** Seconds after which Pulumi gives the operation up. */
  readonly timeoutSeconds?: number;
  /**
   * Shell text that takes it all back when this is no longer declared, for machines that stay. Such a command is never
   * replaced: the plugin would make the new one first and take it back with the old one, on the connection of before.
   */
  readonly undo?: pulumi.Input<string>;
  /** Run again when one of these changes, though the text does not. */
  readonly again?: readonly pulumi.Input<string>[];
}

/**
 * A machine reached over SSH: the only place of this project that declares resources of the `command` plugin. What is
 * declared on one host takes place in the order of declaration, where copies between two commands go side by side.
 */
export class RemoteHost {
  readonly #args: RemoteHostArgs;
  readonly #name: string;
  readonly #connection: pulumi.Output<PinnedConnection>;
  #copies: pulumi.Resource[] = [];
  #last: Command;

  /** @param name prefix of the names of everything declared on this host. */
  constructor(name: string, args: RemoteHostArgs) {
    this.#name = name;
    this.#args = args;
    this.#connection = pinnedConnection(args.at, args.privateKey, args.via);
    // Everything else depends on this one, so that only here it is waited for that the machine lets us in.
    this.#last = this.#command(
      "ready",
      { command: args.knock ?? "sudo -n true", timeoutSeconds: 180 },
      args.after ?? [],
    );
  }

  /** Resolves when the last command declared so far has succeeded. */
  get done(): pulumi.Resource {
    return this.#last;
  }

  /**
   * Copies a file to `path`, or a folder into the folder `path`, relative to the home of the login user. Modes of the
   * source are not kept (the plugin writes 644); a program on the machine sets them.
   */
  copy(name: string, source: pulumi.asset.Asset | pulumi.asset.Archive, path: string): void {
    this.#copies.push(
      new CopyToRemote(
        `${this.#name}-${name}`,
        { connection: this.#connection, source, remotePath: path, triggers: [this.#args.instanceId] },
        { ...this.#options([this.#last]), customTimeouts: minutes(5) },
      ),
    );
  }

  /** Runs a command: at first, when its text changes, and on every new machine. */
  run(name: string, args: RunArgs): void {
    this.#last = this.#command(name, args, [this.#last, ...this.#copies, ...(args.after ?? [])]);
    this.#copies = [];
  }

  /**
   * Runs a command that takes long, as a unit of the machine's systemd that outlives a lost connection and is found again.
   * Its words appear while it runs.
   * @param unit name of the unit, new for each meaning of the step.
   */
  step(
    name: string,
    unit: string,
    command: readonly string[],
    timeoutSeconds: number,
    more: Pick<RunArgs, "again" | "after"> = {},
  ): void {
    this.run(name, { command: stepCommand(["/usr/lib/logos/step"], unit, command), timeoutSeconds, ...more });
  }

  #command(name: string, args: RunArgs, after: readonly pulumi.Resource[]): Command {
    const secret = args.secretInput !== undefined;
    return new Command(
      `${this.#name}-${name}`,
      {
        connection: this.#connection,
        create: args.command,
        ...(args.secretInput === undefined ? {} : { stdin: args.secretInput }),
        // A new machine has nothing of what was done on the old one; the plugin itself does not look at the host.
        ...(args.undo === undefined
          ? { triggers: [this.#args.instanceId, ...(args.again ?? [])] }
          : { delete: args.undo }),
        addPreviousOutputInEnv: false,
        logging: secret ? "none" : "stdoutAndStderr",
      },
      {
        ...this.#options(after),
        customTimeouts: minutes((args.timeoutSeconds ?? 120) / 60),
        ...(secret ? { additionalSecretOutputs: ["stdout", "stderr"] } : {}),
      },
    );
  }

  #options(after: readonly pulumi.Resource[]): pulumi.CustomResourceOptions {
    const { machine, parent } = this.#args;
    if (machine === undefined) return { parent, dependsOn: [...after] };
    return { parent, deletedWith: machine, dependsOn: [machine, ...after] };
  }
}

/** Shell text that runs a command as a unit of the machine. @param program the program `step`, and how it is run. */
export function stepCommand(program: readonly string[], unit: string, command: readonly string[]): string {
  return ["sudo", ...program, unit, "--", ...command].map(shellQuote).join(" ");
}

function minutes(count: number): pulumi.CustomTimeouts {
  const duration = `${Math.ceil(count * 60)}s`;
  return { create: duration, update: duration };
}

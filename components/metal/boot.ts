import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { publicHalf } from "../../core/config/metal.ts";
import { remoteUser } from "../remote/connection.ts";

/** A machine as the settings name it. */
export interface Reached {
  readonly address: string;
  readonly hostKey: string;
}

/** Seconds for one connection. */
const dialSeconds = 10;

/**
 * Which boot of the machine this is, as its kernel names it: after a reboot its memory is empty, and it has to be handed its
 * secrets again. `unreachable` where it does not answer: what is declared for it then says why.
 */
export function bootOf(machine: Reached, bastion: Reached, privateKey: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.output(privateKey).apply((key) => readBoot(machine, bastion, key)));
}

async function readBoot(machine: Reached, bastion: Reached, privateKey: string): Promise<string> {
  if (publicHalf(privateKey) === undefined) return "unreachable";
  const folder = mkdtempSync(join(tmpdir(), "logos-known-"));
  try {
    const known = join(folder, "known_hosts");
    writeFileSync(known, [machine, bastion].map(({ address, hostKey }) => `${address} ${hostKey}\n`).join(""));
    const options = [
      "BatchMode=yes",
      "StrictHostKeyChecking=yes",
      `UserKnownHostsFile=${known}`,
      `ConnectTimeout=${dialSeconds}`,
    ]
      .map((option) => `-o ${option}`)
      .join(" ");
    const ssh = `ssh -F none -n ${options}`;
    const jump = `${ssh} -W %h:%p ${remoteUser}@${bastion.address}`;
    // The key is in no file: an agent that ends with this command takes it from standard input.
    const script = `ssh-add -q - 2>/dev/null && ${ssh} -o "ProxyCommand=${jump}" ${remoteUser}@${machine.address} cat /proc/sys/kernel/random/boot_id`;
    const answer = (await output(["ssh-agent", "sh", "-c", script], privateKey)).trim();
    return /^[0-9a-f-]{36}$/.test(answer) ? answer : "unreachable";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function output([program = "", ...args]: readonly string[], input: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"], timeout: 3 * dialSeconds * 1000 });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    child.on("error", () => resolve(""));
    child.on("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}

import { readOutputs, type StackOutputs } from "./outputs.ts";
import { type Remote, SshRemote } from "./remote.ts";
import { writeSshAccess } from "./ssh.ts";

/** What a command of `logos` works with. */
export interface Session {
  readonly stack: string;
  readonly outputs: StackOutputs;
  readonly remote: Remote;
}

/** Reads the stack's outputs and prepares SSH. @throws Complaint when the stack is not up. */
export function openSession(stack: string): Session {
  const outputs = readOutputs(stack);
  return { stack, outputs, remote: new SshRemote(writeSshAccess(stack, outputs)) };
}

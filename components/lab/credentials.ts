import type * as pulumi from "@pulumi/pulumi";
import { Credentials, type CredentialsArgs } from "../contract.ts";
import type { LabParts } from "./parts.ts";

/** The lab hands each machine its credentials at birth, from memory: there is no secret store in between. */
export class LabCredentials extends Credentials {
  readonly values: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(name: string, args: CredentialsArgs<LabParts>, opts: pulumi.ComponentResourceOptions) {
    super(name, args, opts);
    this.values = args.values;
    this.registerOutputs({});
  }
}

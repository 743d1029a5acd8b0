import * as pulumi from "@pulumi/pulumi";
import type { KeyPair } from "./contract.ts";

/** systemd credentials that every machine is born with: its own host key, and who may log in. */
export function loginCredentials(hostKey: KeyPair, operatorPublicKey: pulumi.Input<string>) {
  return {
    "logos.ssh-host-key": hostKey.privateKey,
    "logos.authorized-keys": authorizedKeys(operatorPublicKey),
  };
}

export function authorizedKeys(operatorPublicKey: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`${operatorPublicKey}\n`;
}

/** `allowed_signers` of ssh-keygen: the one key whose signature makes an image ours, and for nothing but images. */
export function allowedSigners(publicKey: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`logos-image namespaces="logos-image" ${publicKey}\n`;
}

import * as pulumi from "@pulumi/pulumi";
import type { MetalHost as HostSettings } from "../../core/config/metal.ts";
import type { NodePoolArgs } from "../contract.ts";
import * as lab from "../lab/sdk.ts";
import { remoteUser } from "../remote/connection.ts";
import { RemoteHost, stepCommand } from "../remote/host.ts";
import { stageFolder, withFiles } from "../remote/stage.ts";
import { bootOf, type Reached } from "./boot.ts";
import { handOut } from "./credentials.ts";
import type { MetalParts } from "./parts.ts";
import { recordOf } from "./record.ts";
import { installation, leaveCommand, stageOwned } from "./server.ts";

export interface HostArgs {
  readonly host: HostSettings;
  readonly pool: NodePoolArgs<MetalParts>;
  /** Text of the allowed_signers file that commits are held to. */
  readonly signers: string;
  readonly bastion: Reached;
  /** The host before this one: hosts are changed one after the other, so that the others serve meanwhile. */
  readonly before: MetalHost | undefined;
}

/** Half an hour for work to end, as long as a prepared role takes, and the smoke rebuild. */
const applySeconds = 1800 + 2400 + 900;

/** One server as a node: drained, brought to the recipe, proven, registered; or left as it was. */
export class MetalHost extends pulumi.ComponentResource {
  /** Stands when the scheduler has the node ready. */
  readonly done: pulumi.Resource;

  constructor(name: string, args: HostArgs, opts: pulumi.ComponentResourceOptions) {
    const { pool, host: settings, before } = args;
    const { image, network } = pool;
    super("logos:metal:Host", name, { ...settings, imageDigest: image.digest }, opts);
    const { address, hostKey } = settings;
    const files = withFiles(image.files, [
      { path: "/etc/logos/commit-signers", text: args.signers },
      { path: "/etc/tmpfiles.d/logos-cache.conf", text: `L+ /dev/logos-cache - - - - ${settings.cacheDisk}\n` },
    ]);
    const stage = stageFolder(files.digest);
    const id = files.digest.slice(0, 12);
    const diskKey = new lab.RandomSecret(`${name}-disk`, { name: "disk", bytes: 32 }, { parent: this });
    const given = handOut(recordOf(network, { ...settings, group: "node" }, image.digest), {
      ...pool.credentials.values,
      "logos.disk-key": pulumi.secret(diskKey.base64),
    });

    const host = new RemoteHost(name, {
      instanceId: installation(hostKey),
      at: { address, hostKey },
      privateKey: pool.operatorKey.privateKey,
      via: pool.bastion.hop,
      parent: this,
      after: [pool.bastion, pool.controlPlane],
    });
    stageOwned(host, files);
    host.copy("workload", new pulumi.asset.FileAsset(image.workload.bundle), `${stage}/workload.bundle`);
    host.run("member", {
      command: "sudo -n true",
      undo: leaveCommand(files, "node", settings.name),
      timeoutSeconds: 2400,
    });
    const staged = `/home/${remoteUser}/${stage}`;
    const trees = [...files.trees.map((tree) => tree.slice(tree.lastIndexOf("/") + 1)), "single"];
    host.run("smoke", {
      command: stepCommand(["sh", `${stage}/common/usr/lib/logos/step`], `apply-${id}`, [
        "sh",
        `${staged}/metal/usr/lib/logos/host-apply`,
        staged,
        image.workload.commit,
        settings.name,
        ...trees,
      ]),
      timeoutSeconds: applySeconds,
      after: before === undefined ? [] : [before.done],
    });
    host.run("manifest", {
      command: `sudo /usr/bin/logos-agent manifest write --digest ${image.digest} --smoke /var/lib/logos/bake-verdict.json`,
      secretInput: image.signer.privateKey,
      again: [files.digest],
    });
    host.run("spec", { command: "sudo /usr/lib/logos/image-spec owned", again: [files.digest] });
    const boot = bootOf(settings, args.bastion, pool.operatorKey.privateKey);
    host.run("credentials", {
      command: "sudo /usr/lib/logos/host-credentials",
      secretInput: given.text,
      again: [boot],
    });
    host.run("admit", {
      // A step that was done is not done again under its name; `host-credentials` has it forgotten when it hands out others. A
      // name made from the credentials would leave the guardrails a command that no preview knows.
      command: stepCommand(["/usr/lib/logos/step"], `admit-${id}`, ["/usr/lib/logos/host-admit", settings.name]),
      timeoutSeconds: pool.readyTimeoutSeconds + 3600,
      again: [given.digest, files.digest, boot],
    });
    this.done = host.done;
    this.registerOutputs({ address });
  }
}

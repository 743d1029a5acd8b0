import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { labPaths, labRoot, machinePaths, poolPaths } from "../../../core/lab/paths.ts";
import { execInMachine } from "../../../providers/lab/machine/exec.ts";
import { Lab, sharedLab, until } from "../../support/lab.ts";
import { configureVariant } from "../../support/pins.ts";
import { changedNothing, changes } from "../../support/stack.ts";
import { workloadVariant } from "../../support/workload-variant.ts";
import { type Claim, hold } from "../claim.ts";

const root = labRoot(process.env);

/** As `sshd -T` prints them. */
const sshdSettings = [
  "permitrootlogin no",
  "passwordauthentication no",
  "kbdinteractiveauthentication no",
  "allowusers operator",
  "x11forwarding no",
  "allowagentforwarding no",
  "allowstreamlocalforwarding no",
  "permittunnel no",
  "gatewayports no",
] as const;
const bastionSettings = ["allowtcpforwarding local", "permitopen *:22", "permitlisten none"] as const;

/** Claims about machines and their surroundings: replaced when dead, reached one way only, disks that keep secrets, no leftovers. */
export const machineClaims: readonly Claim[] = [
  {
    name: "dead-machine-replaced",
    tag: "lab",
    statement:
      "A machine that was killed is seen by refresh and replaced by up; the pool's manager, killed, is found again.",
    seconds: 90,
    check: async () => {
      const lab = await sharedLab();
      const name = lab.labId;
      const [pid] = readFileSync(machinePaths(root, name, "control").process, "utf8")
        .trim()
        .split(/\s+/);
      process.kill(Number(pid), "SIGKILL");
      const manager = readManager(name);
      process.kill(manager, "SIGKILL");
      const refresh = await lab.stack.refresh();
      hold(changes(refresh).deleted >= 1, `refresh saw nothing: ${refresh.output.slice(-1500)}`);
      const up = await lab.up();
      hold((await lab.must("control", "sinfo -h")).length > 0, "the new control plane does not answer");
      await until("three ready nodes", 120, async () => ((await lab.status()).ready === 3 ? true : undefined));
      const again = await lab.up();
      hold(changedNothing(again), `the up after it: ${JSON.stringify(changes(again))}`);
      hold(readManager(name) !== manager, "the manager is not a new one");
      return `control plane replaced, manager found again, 3 nodes ready; up took ${up.seconds.toFixed(0)} s`;
    },
  },
  {
    name: "bastion-only",
    tag: "lab",
    statement: "SSH to nodes and control plane works through the bastion alone; the bastion forwards port 22 only.",
    seconds: 30,
    check: async () => {
      const lab = await sharedLab();
      const [first, second] = await lab.readyNodes();
      hold(first?.address !== undefined && second?.address !== undefined, "no two ready nodes with addresses");
      const { bastion, control } = await lab.outputs();
      const probe = (address: string, port: number): string =>
        `timeout 2 python3 -c "import socket; socket.create_connection(('${address}', ${port}), 1.5)"`;
      const from = async (host: string, address: string, port: number): Promise<boolean> =>
        (await lab.on(host, probe(address, port))).code === 0;
      hold(await from("bastion", first.address, 22), "the bastion does not reach a node's port 22");
      const refused: [string, boolean][] = [
        ["control plane to node:22", await from("control", first.address, 22)],
        ["node to node:22", await from(second.name, first.address, 22)],
        ["node to control plane:22", await from(first.name, control.address, 22)],
        ["node to bastion:22", await from(first.name, bastion.address, 22)],
        ["bastion to node:6818", await from("bastion", first.address, 6818)],
        ["this host to node:22", fromHost(first.address, 22)],
        ["this host to control plane:6817", fromHost(control.address, 6817)],
        ["node to this host:22", await from(first.name, lab.cidr.replace(/0\/24$/, "1"), 22)],
      ];
      const open = refused.filter(([, reached]) => reached).map(([what]) => what);
      hold(open.length === 0, `reached: ${open.join(", ")}`);
      const forward = await lab.ssh(["-W", `${first.address}:6818`, "bastion"]);
      hold(/administratively prohibited/.test(forward.output), `forwarding to port 6818: ${forward.output}`);
      const backward = await lab.ssh(["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22", "bastion", "true"]);
      hold(/forwarding failed/.test(backward.output), `a port was opened on the bastion: ${backward.output}`);
      return `1 way open, ${refused.length} others tried and closed; forwarding to another port and back refused`;
    },
  },
  {
    name: "host-key-differs",
    tag: "lab",
    statement:
      "A machine that shows another host key than the pinned one is refused, by Pulumi and by the operator's ssh.",
    seconds: 120,
    check: async () => {
      const lab = await sharedLab();
      const shell = (script: string) => execInMachine(lab.labId, "control", ["/bin/sh", "-ec", script]);
      const other = "/etc/ssh/sshd_config.d/00-other.conf";
      const urns = (await lab.stack.pulumi(["stack", "--show-urns"])).output;
      const urn = /urn:\S+remote:Command::control-ready/.exec(urns)?.[0];
      hold(urn !== undefined, `no command of the control plane among ${urns.slice(0, 500)}`);
      await shell(
        `ssh-keygen -q -t ed25519 -N '' -f /run/other-key; echo 'HostKey /run/other-key' > ${other}; systemctl restart ssh`,
      );
      try {
        const ssh = await lab.ssh(["control", "true"]);
        hold(ssh.code !== 0 && /host key verification failed/i.test(ssh.output), `ssh: ${ssh.output}`);
        const up = await lab.stack.up("--replace", urn);
        hold(up.code !== 0 && /handshake failed/.test(up.output), `up: ${up.output.slice(-1500)}`);
      } finally {
        await shell(`rm -f ${other} /run/other-key*; systemctl restart ssh`);
      }
      hold(changedNothing(await lab.up()), "something was lost");
      return "refused by both; with the right key again nothing had changed";
    },
  },
  {
    name: "login-hardened",
    tag: "lab",
    statement: "sshd of every machine takes keys only and no root; no timer updates a machine.",
    seconds: 15,
    check: async () => {
      const lab = await sharedLab();
      const [node] = await lab.readyNodes();
      hold(node !== undefined, "no ready node");
      for (const host of ["bastion", "control", node.name]) {
        const sshd = await lab.must(host, "sudo sshd -T -C user=operator,host=x,addr=127.0.0.1");
        for (const line of host === "bastion" ? [...sshdSettings, ...bastionSettings] : sshdSettings)
          hold(sshd.includes(`${line}\n`), `${host}: sshd says otherwise than "${line}"`);
        const timers = await lab.must(host, "systemctl list-timers --no-legend --plain");
        hold(!/apt|unattended|fwupd/.test(timers), `${host} has ${timers}`);
      }
      return `3 kinds of machine, ${sshdSettings.length} settings each, ${bastionSettings.length} more on the bastion, no updating timer`;
    },
  },
  {
    name: "cache-encrypted",
    tag: "lab",
    statement:
      "/var/logos-cache is a disk of its own; its backing file shows nothing of what is written; sizes are enforced.",
    seconds: 30,
    check: async () => {
      const lab = await sharedLab();
      const [node] = await lab.readyNodes();
      hold(node !== undefined, "no ready node");
      const canary = `canary-${process.pid}-${Date.now()}`;
      await lab.must(node.name, `sudo sh -c 'echo ${canary} > /var/logos-cache/${canary} && sync'`);
      // What lies in clear, on the root disk, shows that the search would find it.
      const clear = `in-clear-${process.pid}`;
      await lab.must(node.name, `sudo sh -c 'echo ${clear} > /var/tmp/clear && sync'`);
      const devices = (await lab.must(node.name, "stat -c %d / /var/logos-cache")).trim().split("\n");
      hold(devices[0] !== devices[1], "the cache lies on the root disk");
      const files = backingFiles(labPaths(root, lab.labId).folder);
      hold(files.length > 0, "no backing file found");
      const seen = files.filter((file) => grep(canary, file));
      hold(seen.length === 0, `the canary stands in ${seen.join(", ")}`);
      hold(files.filter((file) => grep(clear, file)).length > 0, "the search does not find what lies in clear");
      for (const [path, bytes] of [
        ["/var/logos-cache/full", "9G"],
        ["/full", "20G"],
      ] as const) {
        const full = await lab.on(node.name, `sudo fallocate -l ${bytes} ${path}; sudo rm -f ${path}`);
        hold(/No space left/.test(full.output), `${bytes} fit into ${path}: ${full.output}`);
      }
      await lab.must(node.name, `sudo rm /var/logos-cache/${canary} /var/tmp/clear`);
      return `canary in 0 of ${files.length} backing files; 9 GiB do not fit into it, nor 20 GiB into the root`;
    },
  },
  {
    name: "secrets-canary",
    tag: "lab",
    statement:
      "No private key and no scheduler key stands in clear in the state, the logs, or the lab's files on disk.",
    seconds: 20,
    check: async () => {
      const lab = await sharedLab();
      const { operatorKey } = await lab.outputs();
      const jwks = execFileSync("cat", [join(machinePaths(root, lab.labId, "control").credentials, "slurm.jwks")], {
        encoding: "utf8",
      });
      const secrets = [operatorKey.split("\n")[3] ?? "", /"k"\s*:\s*"([^"]+)"/.exec(jwks)?.[1] ?? ""];
      hold(
        secrets.every((text) => text.length >= 32),
        "no secret to look for",
      );
      const lying = labPaths(root, lab.labId);
      const disks = readdirSync(lying.machines).map((name) => machinePaths(root, lab.labId, name).upper);
      const places = [lab.stack.folder, lying.folder, join(root, "images"), ...disks].filter((place) =>
        existsSync(place),
      );
      for (const secret of secrets)
        for (const place of places) {
          const found = filesWith(secret, place);
          hold(found === "", `a secret stands in ${found}`);
        }
      const { bastion } = await lab.outputs();
      const known = bastion.hostKey.split(" ")[1] ?? "";
      hold(filesWith(known, lab.stack.folder) !== "", "the search does not find what is no secret either");
      return `${secrets.length} secrets, ${places.length} places (state, lab, images, ${disks.length} disks), nothing found`;
    },
  },
  {
    name: "image-rolls",
    tag: "lab",
    statement:
      "A new image replaces the nodes one by one, each drained first, never fewer than min ready; running jobs end well.",
    seconds: 120,
    check: async () => {
      const lab = await sharedLab();
      const before = (await lab.readyNodes()).map((node) => node.name);
      const job = (
        await lab.must(
          "control",
          "sbatch --parsable -n2 -o /dev/null --wrap 'for i in $(seq 200); do sleep 0.25; done'",
        )
      ).trim();
      const variant = workloadVariant((folder) => {
        const readme = join(folder, "README.md");
        execFileSync("sh", ["-c", 'echo >> "$1"', "sh", readme]);
      });
      let least = before.length;
      let watching = true;
      const watch = (async () => {
        while (watching) {
          least = Math.min(least, (await lab.readyNodes()).length);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      })();
      try {
        configureVariant(lab, variant);
        const up = await lab.up();
        const after = await until("only new nodes", 180, async () => {
          const nodes = await lab.members();
          return nodes.length === 3 && nodes.every((n) => n.phase === "ready" && !before.includes(n.name))
            ? nodes
            : undefined;
        });
        watching = false;
        await watch;
        hold(least >= 3, `only ${least} nodes were ready at some moment`);
        const shown = await lab.must("control", `scontrol show job ${job}`);
        hold(/JobState=COMPLETED/.test(shown) && /Restarts=0/.test(shown), `the job was ended: ${shown.slice(0, 600)}`);
        return `${after.length} nodes replaced, least ready ${least}, the job completed; up took ${up.seconds.toFixed(0)} s`;
      } finally {
        watching = false;
        await watch;
        lab.configure();
        await lab.up();
        variant.remove();
      }
    },
  },
  {
    name: "two-labs",
    tag: "lab",
    statement:
      "A second stack comes up beside the first and is destroyed without a trace, and the first does not notice.",
    seconds: 90,
    check: async () => {
      const first = await sharedLab();
      const before = (await first.readyNodes())
        .map((node) => node.name)
        .sort()
        .join();
      const second = new Lab("claims-two", "10.83.11.0/24");
      await second.init();
      const up = await second.stack.up();
      const down = await second.stack.destroy();
      const left = Object.values(await second.leftovers()).flat();
      const again = await second.stack.destroy();
      await second.end();
      hold(up.code === 0, `up: ${up.output.slice(-2000)}`);
      hold(down.code === 0 && left.length === 0, `left: ${left.join(", ")} ${down.output.slice(-800)}`);
      hold(again.code === 0 && changes(again).deleted === 0, `second destroy: ${again.output.slice(-800)}`);
      hold(
        (await first.readyNodes())
          .map((node) => node.name)
          .sort()
          .join() === before,
        "the first pool changed",
      );
      hold(changedNothing(await first.up()), "the first stack changed");
      return `up ${up.seconds.toFixed(1)} s with the image baked, destroy ${down.seconds.toFixed(1)} s, 0 left, second destroy 0 actions`;
    },
  },
  {
    name: "limits",
    tag: "lab",
    statement: "A node has no more memory than it was given.",
    seconds: 15,
    check: async () => {
      const lab = await sharedLab();
      const [node] = await lab.readyNodes();
      hold(node !== undefined, "no ready node");
      const eat = await lab.on(node.name, "python3 -c 'x = bytearray(5 * 2**30); print(len(x))'");
      hold(!/5368709120/.test(eat.output), "5 GiB were taken on a node of 3 GiB");
      return "an allocation of 5 GiB on a node of 3 GiB was ended";
    },
  },
];

function readManager(lab: string): number {
  return Number(
    readFileSync(poolPaths(root, lab, "pool").managerPid, "utf8")
      .trim()
      .split(/\s+/)[0],
  );
}

function fromHost(address: string, port: number): boolean {
  try {
    execFileSync("timeout", ["2", "bash", "-c", `exec 3<>/dev/tcp/${address}/${port}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** All disk images below a folder. */
function backingFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "root" && entry.name !== "disk") return backingFiles(path);
    return entry.name.endsWith(".img") ? [path] : [];
  });
}

/** Names of the files below a folder that hold a text; empty when there is none. */
function filesWith(text: string, folder: string): string {
  // -xdev stays off other file systems: the tmpfs that holds the secrets is one.
  const script = 'find "$1" -xdev -type f -size -64M -exec grep -laF -e "$2" {} + || true';
  return execFileSync("sh", ["-c", script, "sh", folder, text], { encoding: "utf8" });
}

function grep(text: string, file: string): boolean {
  try {
    // tar skips the holes of a sparse disk, so that only what was ever written is read.
    execFileSync("sh", ["-c", 'tar --sparse -cf - -- "$2" 2>/dev/null | grep -qaF -e "$1"', "sh", text, file]);
    return true;
  } catch {
    return false;
  }
}

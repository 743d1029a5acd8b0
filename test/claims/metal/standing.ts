import { setTimeout as delay } from "node:timers/promises";
import type { SlurmNode } from "../../../core/slurm/nodes.ts";
import { until } from "../../support/lab.ts";
import { MetalStack } from "../../support/metal-stack.ts";
import { changedNothing, changes } from "../../support/stack.ts";
import { type Claim, hold } from "../claim.ts";
import { leftOn, note, serves } from "./sights.ts";

/** Hosts that the shared stack begins with, and one more that is installed and waits. */
const first = ["rack-1", "rack-2", "rack-3"] as const;

let shared: Promise<MetalStack> | undefined;

let standing: Promise<MetalStack> | undefined;

/** Servers installed and nothing else: what a person has before the first `up`. */
function bareMetal(): Promise<MetalStack> {
  shared ??= MetalStack.install("claimsmetal", "10.86.0.0/24", first);
  return shared;
}

/** The same, as a pool that stands. */
function sharedMetal(): Promise<MetalStack> {
  standing ??= bareMetal().then(async (metal) => {
    await metal.up();
    return metal;
  });
  return standing;
}

export async function endSharedMetal(): Promise<void> {
  const metal = await shared?.catch(() => undefined);
  shared = undefined;
  standing = undefined;
  await metal?.end();
}

/** Claims about servers that people own, as machines of the lab play them: each rests on those before it. */
export const metalClaims: readonly Claim[] = [
  {
    name: "metal-stands",
    tag: "engine",
    statement:
      "Bare servers become a pool by one up through the bastion: preview with policies, up, up with 0 changes, refresh with 0 changes.",
    seconds: 900,
    check: async (progress) => {
      const metal = await bareMetal();
      const preview = await metal.preview();
      hold(preview.code === 0 && /logos-guardrails/.test(preview.output), `preview: ${preview.output.slice(-1500)}`);
      const up = await metal.apply();
      hold(up.code === 0, `up: ${up.output.slice(-3000)}`);
      progress(`up took ${up.seconds.toFixed(0)} s`);
      const nodes = await metal.nodes();
      hold(
        nodes
          .map(({ name }) => name)
          .toSorted()
          .join() === first.join(),
        `nodes: ${nodes.map(({ name }) => name).join()}`,
      );
      hold(
        nodes.every((node) => node.flags.has("IDLE") && /"gate":"PASS"/.test(node.extra)),
        `states: ${nodes.map((node) => [...node.flags].join("+")).join()}`,
      );
      const cpus = (await metal.servers.must("rack-1", "nproc")).trim();
      hold(
        nodes.every((node) => String(node.cpus) === cpus),
        `slots ${nodes.map((node) => node.cpus).join()}, the host has ${cpus}`,
      );
      const again = await metal.apply();
      hold(changedNothing(again), `second up: ${JSON.stringify(changes(again))} ${again.output.slice(-1500)}`);
      const refresh = await metal.stack.refresh();
      hold(changedNothing(refresh), `refresh: ${JSON.stringify(changes(refresh))}`);
      return `3 hosts from bare in ${up.seconds.toFixed(0)} s, each with its ${cpus} slots; up again ${again.seconds.toFixed(1)} s, 0 changes`;
    },
  },
  {
    name: "metal-secrets",
    tag: "engine",
    statement:
      "Secrets of a host lie in its memory alone, its cache disk is encrypted, and its own firewall closes it.",
    seconds: 30,
    check: async () => {
      const metal = await sharedMetal();
      const { servers } = metal;
      const key =
        (await servers.must("rack-1", "sudo cat /run/credstore/slurm.jwks")).match(/"k":"([^"]+)"/)?.[1] ?? "";
      hold(key.length > 20, "no scheduler key in memory");
      const found = await servers.on(
        "rack-1",
        // By standard input: sudo writes the words of a command into the journal, which is on a disk.
        `printf '%s\\n' '${key}' | sudo grep -rlsaF --exclude-dir=proc --exclude-dir=sys --exclude-dir=run --exclude-dir=dev -f - / ; true`,
      );
      hold(found.output.trim() === "", `the scheduler's key lies in ${found.output}`);
      const status = await servers.must("rack-1", "sudo fscrypt status /run/logos/cache-disk/data");
      hold(/encrypted with fscrypt/.test(status), status);
      const open = await servers.on("rack-2", "timeout 3 bash -c 'exec 3<>/dev/tcp/10.86.0.64/22'");
      hold(open.code !== 0, "one host reaches another's sshd");
      return "the key is in no file of a disk; the disk is encrypted; hosts do not reach each other";
    },
  },
  {
    name: "metal-queue",
    tag: "engine",
    statement: "The agent is booted by a submission to the queue, on a host, and says ALIGNED.",
    seconds: 60,
    check: async () => {
      const metal = await sharedMetal();
      const job = await metal.servers.on("control", "sudo -u logos srun logos-agent boot");
      hold(job.code === 0 && /"verdict":"ALIGNED"/.test(job.output), job.output.slice(-1500));
      return job.output.trim().split("\n").at(-1) ?? "";
    },
  },
  {
    name: "metal-stops",
    tag: "engine",
    statement:
      "Each service of the control plane and of a host ends by itself when it is told to: none waits out its 90 s.",
    seconds: 90,
    check: async () => {
      const metal = await sharedMetal();
      // A host that leaves tells the controller.
      const took = [...(await stopAll(metal, "rack-1")), ...(await stopAll(metal, "control"))];
      await metal.servers.must("control", "sudo /usr/lib/logos/control-activate");
      await metal.servers.must("rack-1", "sudo /usr/lib/logos/host-admit rack-1");
      const slow = took.filter(({ seconds, result }) => seconds > stopSeconds || result !== "success");
      const text = (all: typeof took) => all.map((one) => `${one.unit} ${one.seconds.toFixed(1)} s`).join(", ");
      hold(slow.length === 0, `slow or ended by force: ${text(slow)}`);
      const needed = ["slurmctld", "logos-demand", "logos-job-log", "slurmd", "logos-watchdog"];
      const lacking = needed.filter((name) => !took.some(({ unit }) => unit === `${name}.service`));
      hold(lacking.length === 0, `did not run: ${lacking.join()}`);
      return text(took);
    },
  },
  {
    name: "metal-hosts",
    tag: "engine",
    statement: "A host is added and removed, and no other is touched.",
    seconds: 400,
    check: async () => {
      const metal = await sharedMetal();
      const before = await records(metal, first);
      await metal.installHost("rack-4");
      metal.configure();
      const add = await metal.apply();
      hold(add.code === 0, `up: ${add.output.slice(-2500)}`);
      const added = changes(add);
      hold(added.updated + added.replaced + added.deleted === 0, `adding changed: ${JSON.stringify(added)}`);
      hold((await metal.nodes()).length === 4, "the fourth node is not registered");
      metal.configure(first);
      const remove = await metal.apply();
      const removed = changes(remove);
      hold(
        remove.code === 0 && removed.created + removed.updated + removed.replaced === 0,
        `removing: ${JSON.stringify(removed)} ${remove.output.slice(-2000)}`,
      );
      hold((await metal.nodes()).length === 3, "the fourth node is still registered");
      const left = await leftOn(metal, "rack-4");
      hold(left === "", `left on the host: ${left}`);
      hold((await records(metal, first)) === before, "another host registered anew");
      return `added in ${add.seconds.toFixed(0)} s (${added.created} created), removed in ${remove.seconds.toFixed(0)} s, left clean, the others untouched`;
    },
  },
  {
    name: "metal-unsigned",
    tag: "engine",
    statement: "A commit that no pinned key signed is refused before anything is declared, and again on the host.",
    seconds: 60,
    check: async () => {
      const metal = await sharedMetal();
      const signed = metal.workload;
      const unsigned = metal.signedWorkload((folder) => note(folder, "unsigned"), null);
      try {
        metal.workload = unsigned;
        metal.configure(first);
        const up = await metal.apply();
        hold(up.code !== 0 && /is not signed by a key of/.test(up.output), `up: ${up.output.slice(-1500)}`);
        hold(!/remote:Command/.test(up.output), "something was run");
      } finally {
        metal.workload = signed;
        metal.configure(first);
        unsigned.remove();
      }
      const verify = (signers: string) =>
        metal.servers.on(
          "rack-1",
          `echo 'other namespaces="git" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtQ3qvJm0n2h0v0q7P8p5m2nX8y5W3m1vCqk9l1u2Zs' >/tmp/other; sudo -u logos env HOME=/nonexistent git -C /opt/logos/workload -c gpg.ssh.allowedSignersFile=${signers} verify-commit HEAD`,
        );
      hold((await verify("/etc/logos/commit-signers")).code === 0, "the host does not take the pinned signer");
      hold((await verify("/tmp/other")).code !== 0, "the host takes another signer");
      return "refused here with the reason, nothing run; the host takes the pinned signer alone";
    },
  },
  {
    name: "metal-commit",
    tag: "engine",
    statement:
      "Another commit is another recipe and is applied host by host: one at a time is out, and the others serve meanwhile.",
    seconds: 300,
    check: async () => {
      const metal = await sharedMetal();
      const before = recipesOf(await metal.nodes());
      metal.workload = metal.signedWorkload((folder) => note(folder, "second commit"));
      metal.configure(first);
      let least = Number.POSITIVE_INFINITY;
      let watching = true;
      const watch = (async () => {
        while (watching) {
          const nodes = await metal.nodes().catch(() => undefined);
          if (nodes !== undefined) least = Math.min(least, nodes.filter(serves).length);
          await delay(500);
        }
      })();
      const up = await metal.apply();
      watching = false;
      await watch;
      hold(up.code === 0, `up: ${up.output.slice(-2500)}`);
      hold(least >= first.length - 1, `only ${least} hosts served at some moment`);
      const nodes = await metal.nodes();
      const after = recipesOf(nodes);
      hold(after.length === 1 && after.join() !== before.join(), `recipes were ${before.join()}, are ${after.join()}`);
      const commits = nodes.map((node) => /"commit":"([0-9a-f]+)"/.exec(node.extra)?.[1]);
      hold(
        commits.every((commit) => metal.workload.commit.startsWith(commit ?? "none")),
        `commits: ${commits.join()}`,
      );
      return `recipe ${before.join()} to ${after.join()} on 3 hosts in ${up.seconds.toFixed(0)} s, never fewer than ${least} serving`;
    },
  },
  {
    name: "metal-smoke-fails",
    tag: "engine",
    statement: "A host whose smoke rebuild fails goes back to what it served, and no other host is touched.",
    seconds: 300,
    check: async () => {
      const metal = await sharedMetal();
      const good = metal.workload;
      const before = (await metal.nodes()).map((node) => /"commit":"([0-9a-f]+)"/.exec(node.extra)?.[1]).join();
      const bad = metal.signedWorkload((folder) =>
        note(folder, "Theorem broken : 1 = 2. Proof. reflexivity. Qed.", "baseline/Universal.v"),
      );
      try {
        metal.workload = bad;
        metal.configure(first);
        const up = await metal.apply();
        hold(up.code !== 0 && /FAIL/.test(up.output), `up: ${up.output.slice(-2000)}`);
        hold(!/host-rack-2-smoke/.test(up.output), "the second host was touched");
        await until("three serving hosts", 120, async () =>
          (await metal.nodes()).filter(serves).length === 3 ? true : undefined,
        );
        const after = (await metal.nodes()).map((node) => /"commit":"([0-9a-f]+)"/.exec(node.extra)?.[1]).join();
        hold(after === before, `commits were ${before}, are ${after}`);
      } finally {
        metal.workload = good;
        metal.configure(first);
        bad.remove();
      }
      const again = await metal.up();
      return `up failed, 3 hosts serve the old commit; with the old commit again: ${JSON.stringify(changes(again))}`;
    },
  },
  {
    name: "metal-reboot",
    tag: "engine",
    statement:
      "A host that was rebooted is closed by its firewall and takes no work until its secrets are handed over again.",
    seconds: 120,
    check: async () => {
      const metal = await sharedMetal();
      const { servers } = metal;
      const boot = () => servers.on("rack-2", "cat /proc/sys/kernel/random/boot_id");
      const before = (await boot()).output;
      await servers.on("rack-2", "sudo systemctl poweroff");
      await until("rack-2 off", 60, async () => ((await servers.isRunning("rack-2")) ? undefined : true));
      await servers.powerOn("rack-2");
      await until("another boot of rack-2", 90, async () => {
        const { code, output } = await boot();
        return code === 0 && output !== before ? true : undefined;
      });
      const kept = (await servers.must("rack-2", "sudo find /run/credstore -type f 2>/dev/null || true")).trim();
      hold(kept === "", `outlived the reboot: ${kept}`);
      hold(
        (await servers.must("rack-2", "sudo nft list table inet logos")).includes("policy drop"),
        "the firewall is not loaded",
      );
      await until("rack-2 out of work", 90, async () =>
        (await metal.nodes()).some((node) => node.name === "rack-2" && serves(node)) ? undefined : true,
      );
      const up = await metal.apply();
      hold(up.code === 0, `up: ${up.output.slice(-2000)}`);
      await until("three serving hosts", 60, async () =>
        (await metal.nodes()).filter(serves).length === 3 ? true : undefined,
      );
      return `after the reboot it waits, closed; up handed its secrets over again (${JSON.stringify(changes(up))}) and it serves`;
    },
  },
  {
    name: "metal-destroy",
    tag: "engine",
    statement:
      "destroy leaves the servers running and clean: unregistered, our units stopped and gone, no credential, no firewall of ours.",
    seconds: 120,
    check: async () => {
      const metal = await sharedMetal();
      const down = await metal.stack.destroy();
      hold(down.code === 0, `destroy: ${down.output.slice(-2500)}`);
      const left: string[] = [];
      for (const name of ["bastion", "control", ...first]) {
        hold(await metal.servers.isRunning(name), `${name} does not run`);
        const on = await leftOn(metal, name);
        if (on !== "") left.push(`${name}: ${on}`);
      }
      hold(left.length === 0, left.join("; "));
      const again = await metal.stack.destroy();
      hold(again.code === 0 && changes(again).deleted === 0, "a second destroy did something");
      return `5 servers run and hold nothing of the stack; destroy took ${down.seconds.toFixed(0)} s`;
    },
  },
];

/** Recipes that the scheduler's nodes are of, each once. */
function recipesOf(nodes: readonly SlurmNode[]): readonly string[] {
  const features = new Set(nodes.flatMap((node) => node.features).filter((feature) => feature.startsWith("img-")));
  return [...features].toSorted();
}

/** No service has more to finish: far from the 90 s after which systemd ends one by force. */
const stopSeconds = 10;

/** Stops every running service of ours on a server, one by one. */
async function stopAll(
  metal: MetalStack,
  name: string,
): Promise<readonly { readonly unit: string; readonly seconds: number; readonly result: string }[]> {
  const script = [
    // Its stop is what it is there for; all others are programs that run.
    "units=$(systemctl list-units --no-legend --plain --state=active logos-leave.service",
    "systemctl list-units --no-legend --plain --type=service --state=running 'logos-*' 'slurm*')",
    'for unit in $(echo "$units" | cut -d" " -f1)',
    "do from=$(date +%s%N); sudo systemctl stop $unit; to=$(date +%s%N)",
    "echo $unit $(((to - from) / 1000000)) $(systemctl show --property=Result --value $unit); done",
  ].join("; ");
  return (await metal.servers.must(name, script))
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([unit = "", milliseconds, result = ""]) => ({ unit, seconds: Number(milliseconds) / 1000, result }));
}

/** When each host's scheduler daemon began: another time is another registration. */
async function records(metal: MetalStack, hosts: readonly string[]): Promise<string> {
  const lines = await Promise.all(
    hosts.map((host) => metal.servers.must(host, "systemctl show slurmd --property=ActiveEnterTimestampMonotonic")),
  );
  return lines.join();
}

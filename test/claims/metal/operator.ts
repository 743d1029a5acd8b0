import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { MetalStack } from "../../support/metal-stack.ts";
import { repository } from "../../support/stack.ts";
import { type Claim, hold } from "../claim.ts";

const node = "pi-1";

/** What the runbook forbids, done on a node by somebody; the rule of the checklist that must break; and how it is undone. */
const forbidden: readonly {
  readonly what: string;
  readonly act: string;
  readonly rule: string;
  readonly undo: string;
  /** Done past sudo, whose journal would show a second thing. */
  readonly asRoot?: true;
}[] = [
  {
    what: "a unit that is not a symlink",
    act: "printf '[Service]\\nExecStart=/bin/true\\n' | sudo tee /etc/systemd/system/own.service",
    rule: "units are links into the checkout",
    undo: "sudo rm /etc/systemd/system/own.service",
  },
  {
    what: "a package that is not listed",
    act: "sudo apt-get -qq install -y --no-install-recommends bc",
    rule: "packages have a reason in context.md",
    undo: "sudo apt-get -qq purge -y bc",
  },
  {
    what: "pip outside a venv",
    // What pip leaves: there is no way to its index from here.
    act: "sudo mkdir -p /usr/local/lib/python3.13/dist-packages/requests-2.0.dist-info",
    rule: "pip only in a venv",
    undo: "sudo rm -r /usr/local/lib/python3.13/dist-packages/requests-2.0.dist-info",
  },
  {
    what: "a credential on a disk",
    act: "printf 'machine example.org login a password hunter2hunter2\\n' >~/.netrc",
    rule: "no credential on its disk",
    undo: "rm ~/.netrc",
  },
  {
    what: "an enabled timer that updates",
    asRoot: true,
    act: "systemctl unmask apt-daily-upgrade.timer && systemctl enable --now apt-daily-upgrade.timer",
    rule: "nothing updates or acts by itself",
    undo: "systemctl mask --now apt-daily-upgrade.timer",
  },
  {
    what: "a sixth verb",
    act: "sudo systemctl restart systemd-journald.service",
    rule: "systemctl start, stop, enable, disable, status alone",
    // The journal keeps it until the next boot: that is what it is for.
    undo: "true",
  },
];

/** The operator profile on a machine of the lab that plays a node. */
export const operatorClaims: readonly Claim[] = [
  {
    name: "operator-runbook",
    tag: "engine",
    statement:
      "A node that is provisioned by the runbook passes its nine steps and every rule; what is forbidden is refused or found, one by one.",
    seconds: 400,
    check: async (progress) => {
      const metal = await MetalStack.install("claimsoperator", "10.86.0.0/24", [node]);
      try {
        await provision(metal);
        metal.configure([node], ["  logos:profile: operator", "  logos:pilot: true", '  logos:pool: {"min":1}']);
        const sound = logos(metal, "checklist", node);
        hold(sound.code === 0, `a sound node: ${sound.output}`);
        const sixth = logos(metal, "service", node, "restart", "logos-smoke.service");
        hold(sixth.code !== 0 && /not permitted/.test(sixth.output), `restart: ${sixth.output}`);
        const status = logos(metal, "service", node, "enable", "logos-smoke.service");
        hold(status.code === 0, `enable: ${status.output}`);
        const unattended = logos(metal, "isolate", node, "--yes");
        hold(
          unattended.code !== 0 && /by a person at a terminal/.test(unattended.output),
          `--yes without a terminal: ${unattended.output}`,
        );
        for (const { what, act, rule, undo, asRoot } of forbidden) {
          const perform = (text: string) =>
            asRoot ? metal.servers.console(node, text) : metal.servers.must(node, text);
          await perform(act);
          const report = logos(metal, "checklist", node);
          const broken = report.output.split("\n").filter((line) => line.includes("[BROKEN]"));
          hold(
            report.code === 1 && broken.length === 1 && (broken[0] ?? "").includes(rule),
            `${what}: ${report.output}`,
          );
          await perform(undo);
          progress(`${what}: found`);
        }
        // The guardrails take a stack for one of this profile unless told otherwise.
        const up = await metal.stack.up();
        hold(up.code === 0, `up: ${up.output.slice(-2500)}`);
        const proofs = await metal.servers.must(
          node,
          "systemctl show logos-smoke.service --property=ActiveState --value",
        );
        hold(proofs.trim() === "active", `the proofs' unit is ${proofs}`);
        return `9 steps done, ${forbidden.length} forbidden things found, a sixth verb and an unattended --yes refused; up ran the proofs by start and stop alone`;
      } finally {
        await metal.end();
      }
    },
  },
];

/** Steps 3 to 9 by hand, as the recipe of the card has cloud-init do them. */
async function provision(metal: MetalStack): Promise<void> {
  const must = (command: string) => metal.servers.must(node, command);
  await must("apt-mark showmanual | sudo tee /etc/logos-packages-base >/dev/null");
  // As the recipe's first boot does: not by a person's sudo.
  await metal.servers.console(node, "systemctl mask --now apt-daily.timer apt-daily-upgrade.timer");
  await must("sudo apt-get -qq update && sudo DEBIAN_FRONTEND=noninteractive apt-get -qq upgrade -y");
  await must(
    "sudo DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends git vim curl python3 make coq",
  );
  await must(
    "printf 'PasswordAuthentication no\\nKbdInteractiveAuthentication no\\n' | sudo tee /etc/ssh/sshd_config.d/50-logos.conf && sudo systemctl stop ssh.socket; sudo kill -HUP $(cat /run/sshd.pid)",
  );
  const host = metal.hosts.get(node);
  await must(
    `sudo mkdir -p /etc/systemd/network && printf '[Match]\\nName=host0\\n[Network]\\nAddress=${host?.address}/24\\n' | sudo tee /etc/systemd/network/20-static.network`,
  );
  const bundle = execFileSync("git", ["-C", repository, "bundle", "create", "--quiet", "-", "HEAD"], {
    maxBuffer: 256 * 1024 * 1024,
  });
  await metal.servers.send(node, "cat >/tmp/repository.bundle", bundle);
  await must("git clone --quiet /tmp/repository.bundle ai-systems && rm /tmp/repository.bundle");
  await must(
    "sudo ln -s ~operator/ai-systems/images/operator/units/logos-smoke.service /etc/systemd/system/logos-smoke.service",
  );
}

/** The person's own command, with the stack's backend and passphrase. */
function logos(metal: MetalStack, ...args: readonly string[]): { code: number; output: string } {
  const result = spawnSync(
    "node",
    [join(repository, "operator/logos.ts"), "node", ...args, "--stack", metal.stack.name],
    {
      cwd: repository,
      env: metal.stack.environment,
      encoding: "utf8",
      input: "",
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  return { code: result.status ?? 1, output: `${result.stdout}${result.stderr}` };
}

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
      const metal = await MetalStack.install("claimsoperator", "10.88.0.0/24", [node]);
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
        await holdPlans(metal);
        progress(`${plans.length} dry runs changed nothing; isolate at a terminal did what it had shown`);
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
        return `9 steps done, ${forbidden.length} forbidden things found; ${plans.length} dry runs, isolate carried out; a sixth verb and an unattended --yes refused; up ran the proofs by start and stop alone`;
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
  await must(linkUnit);
}

/** As docs/operator-profile.md has it: \`enable\` links a unit by its path, and \`disable\` takes the link away. */
const linkUnit = "sudo systemctl enable ~/ai-systems/images/operator/units/logos-smoke.service";

const stop = "ssh pi-1 'sudo systemctl stop logos-smoke.service'";
const start = "ssh pi-1 'sudo systemctl start logos-smoke.service'";
const disable = "ssh pi-1 'sudo systemctl disable logos-smoke.service'";

/** What a person is shown, to the letter, and in this order. */
const plans: readonly { readonly call: readonly string[]; readonly commands: readonly string[] }[] = [
  { call: ["isolate", node], commands: [stop, disable] },
  {
    call: ["rollback", node, "--commit", "0123456"],
    commands: [
      "git revert --no-edit 0123456",
      "git push",
      "ssh pi-1 'git -C /home/operator/ai-systems pull --ff-only'",
      stop,
      start,
    ],
  },
  {
    call: ["reimage", node],
    commands: [
      stop,
      disable,
      "npx logos node image-recipe pi-1 --stack claimsoperator --out FOLDER",
      "npx pulumi config set --stack claimsoperator --path 'metal.hosts[0].hostKey' 'ssh-ed25519 …'",
      "npx logos node checklist pi-1 --stack claimsoperator",
      "npx pulumi up --stack claimsoperator",
    ],
  },
  {
    call: ["decommission", node],
    commands: [
      stop,
      disable,
      "npx pulumi config rm --stack claimsoperator --path 'metal.hosts[0]'",
      "npx pulumi up --stack claimsoperator",
    ],
  },
];

/** A dry run shows the exact commands and does nothing; a person at a terminal has them done. */
async function holdPlans(metal: MetalStack): Promise<void> {
  // A unit that has run stays active until it is ended.
  await metal.servers.must(node, "sudo systemctl start logos-smoke.service");
  const state = async () =>
    (await metal.servers.on(node, "systemctl is-active logos-smoke.service; systemctl is-enabled logos-smoke.service"))
      .output;
  const before = await state();
  hold(before === "active\nenabled\n", `the unit is ${before}`);
  for (const { call, commands } of plans) {
    const { code, output } = logos(metal, ...call);
    const shown = [...output.matchAll(/^ +\$ (.*)$/gm)].map((match) => match[1]);
    let from = 0;
    for (const command of commands) {
      const at = shown.indexOf(command, from);
      hold(code === 0 && at !== -1, `${call[0]} does not show "${command}" in its place: ${output}`);
      from = at + 1;
    }
    hold(output.includes("Nothing was done: this is the dry run."), `${call[0]}: ${output}`);
    hold((await state()) === before, `the dry run of ${call[0]} left the unit ${await state()}`);
  }
  const done = atTerminal(metal, "isolate", node, "--yes");
  hold(done.code === 0, `isolate --yes: ${done.output}`);
  const after = await state();
  hold(after === "inactive\nnot-found\n", `after isolate the unit is ${after}`);
  await metal.servers.must(node, linkUnit);
}

/** The same by a person who sits at a terminal. */
function atTerminal(metal: MetalStack, ...args: readonly string[]): { code: number; output: string } {
  const words = ["node", join(repository, "operator/logos.ts"), "node", ...args, "--stack", metal.stack.name];
  const result = spawnSync("script", ["--quiet", "--return", "--command", words.join(" "), "/dev/null"], {
    cwd: repository,
    env: metal.stack.environment,
    encoding: "utf8",
  });
  return { code: result.status ?? 1, output: `${result.stdout}${result.stderr}` };
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

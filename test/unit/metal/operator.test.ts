import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packagesOf, provisioning, renderReport, rules } from "../../../operator/node/checklist.ts";
import { Evidence } from "../../../operator/node/evidence.ts";
import { findHost, type NodeHost, parseAccess, systemctl } from "../../../operator/node/host.ts";
import { actions, plan, renderPlan } from "../../../operator/node/plans.ts";
import { imageRecipe } from "../../../operator/node/recipe.ts";

const yaml: { load(text: string): unknown } = createRequire(import.meta.url)("js-yaml");
const folder = join(import.meta.dirname, "../../../images/operator");
const host: NodeHost = {
  name: "rack-1",
  address: "10.83.0.64",
  user: "operator",
  hostKey: "ssh-ed25519 AAAA",
  index: 0,
};
const packages = packagesOf(readFileSync(join(folder, "context.md"), "utf8"));

const sound = [
  ["system", "debian-13"],
  ["architecture", "arm64"],
  ["model", "Raspberry Pi 5 Model B Rev 1.0"],
  ["booted", "running"],
  ["hostname", "rack-1"],
  ["address", "10.83.0.64/24"],
  ["static", "/etc/netplan/50-cloud-init.yaml"],
  ["updated", "1790000000"],
  ["package", "git"],
  ["package", "vim"],
  ["package", "curl"],
  ["base", "bash"],
  ["chosen", "bash"],
  ["chosen", "git"],
  ["chosen", "coq"],
  ["user", "operator"],
  ["me", "operator"],
  ["sshd", "passwordauthentication no"],
  ["sshd", "kbdinteractiveauthentication no"],
  ["sshd", "pubkeyauthentication yes"],
  ["commit", "c".repeat(40)],
  ["unit", "logos-smoke.service -> /home/operator/ai-systems/images/operator/units/logos-smoke.service"],
  ["unit", "apt-daily.timer -> /dev/null"],
  ["timer", "logrotate.timer"],
  ["systemctl", "start logos-smoke.service"],
  ["systemctl", "status --no-pager logos-smoke.service"],
] as const;
const evidenceOf = (facts: readonly (readonly [string, string])[]) =>
  new Evidence([...facts, ["end", "ok"] as const].map(([name, value]) => `${name}\t${value}\n`).join(""), "test");
const expected = { host, packages, isCommit: (id: string) => id === "c".repeat(40) };
const open = (facts: readonly (readonly [string, string])[]) => {
  const evidence = evidenceOf(facts);
  return [...provisioning(evidence, expected), ...rules(evidence, expected)]
    .filter(({ done }) => !done)
    .map(({ title }) => title);
};

describe("the checklist", () => {
  it("finds nothing on a node that is as the runbook wants it", () => {
    expect(open(sound)).toEqual([]);
  });

  it.each([
    ["system", "debian-12", "1 Debian 13 on the card"],
    ["booted", "starting", "2 it boots"],
    ["hostname", "raspberrypi", "3 its own host name"],
    ["address", "10.83.0.99/24", "4 a stable address"],
    ["updated", "", "5 system up to date"],
    ["me", "root", "7 a user that is not root"],
    ["commit", "d".repeat(40), "9 this repository cloned"],
  ])("says that a step is not done: %s %s", (name, value, title) => {
    expect(open(sound.map(([key, old]) => [key, key === name ? value : old] as const))).toEqual([title]);
  });
  it("says which steps are not done where something is absent", () => {
    const without = (name: string, value?: string) =>
      open(sound.filter(([key, old]) => key !== name || (value !== undefined && old !== value)));
    expect(without("static")).toEqual(["4 a stable address"]);
    expect(without("package", "vim")).toEqual(["6 essential packages"]);
    expect(without("sshd", "passwordauthentication no")).toEqual(["8 SSH by key, no passwords"]);
    expect(without("commit")).toEqual(["9 this repository cloned"]);
    expect(open([...sound, ["upgradable", "openssl"]])).toEqual(["5 system up to date"]);
  });

  it.each([
    ["chosen", "nmap", "packages have a reason in context.md"],
    ["unit", "logos-smoke.service is a file", "units are links into the checkout"],
    ["unit", "evil.service -> /tmp/evil.service", "units are links into the checkout"],
    ["unit", "evil.service -> /home/operator/ai-systems-2/evil.service", "units are links into the checkout"],
    ["systemctl", "restart logos-smoke.service", "systemctl start, stop, enable, disable, status alone"],
    ["systemctl", "--no-block kill logos-smoke.service", "systemctl start, stop, enable, disable, status alone"],
    ["timer", "apt-daily-upgrade.timer", "nothing updates or acts by itself"],
    ["cron", "/etc/cron.d/heal", "nothing updates or acts by itself"],
    ["restarts", "/etc/systemd/system/x.service", "nothing heals itself"],
    ["credential", "/home/operator/.netrc", "no credential on its disk"],
    ["pip", "/usr/local/lib/python3.13/dist-packages/requests-2.dist-info", "pip only in a venv"],
    ["npm", "/usr/local/lib/node_modules/pm2", "no global npm"],
    ["change", " M images/operator/prove", "no code that was not reviewed"],
  ])("detects what is forbidden: %s %s", (name, value, title) => {
    expect(open([...sound, [name, value]])).toEqual([title]);
  });

  it("refuses evidence that is cut off: what was not looked at is not absent", () => {
    expect(() => new Evidence("system\tdebian-13\n", "test")).toThrow(/cut off/);
    expect(() => new Evidence("nonsense\n", "test")).toThrow(/no fact/);
  });

  it("shows each step with what was seen", () => {
    const evidence = evidenceOf(sound);
    const text = renderReport("rack-1", provisioning(evidence, expected), rules(evidence, expected));
    expect(text).toMatch(/\[done {4}\] 1 Debian 13 on the card .* arm64, Raspberry Pi 5/);
    expect(text.match(/\[done {4}\]/g)).toHaveLength(9);
    expect(text).toContain("rack-1 is as the runbook wants it.");
  });
});

describe("systemctl", () => {
  it.each(["start", "stop", "enable", "disable", "status"])("%s is permitted", (verb) => {
    expect(systemctl(verb, "logos-smoke.service")).toMatch(
      new RegExp(`^sudo systemctl ${verb}( --no-pager)? logos-smoke\\.service$`),
    );
  });
  it.each(["restart", "reload", "mask", "kill", "daemon-reload", "edit", "", "start;reboot", "--force"])(
    "%s is refused",
    (verb) => {
      expect(() => systemctl(verb, "logos-smoke.service")).toThrow(/not permitted/);
    },
  );
  it.each(["", "x", "a.service b.service", "$(reboot).service", "/tmp/x.service"])("takes no unit %j", (unit) => {
    expect(() => systemctl("start", unit)).toThrow(/not the name of a unit/);
  });
});

describe("plans", () => {
  const situation = { stack: "metal", host, units: ["logos-smoke.service"], scheduled: false, commit: "a".repeat(40) };
  it.each(actions)("%s manages services by the five verbs alone, and shows every command", (action) => {
    const steps = plan(action, situation);
    for (const step of steps)
      if (step.at === "node" && step.command.includes("systemctl"))
        expect(step.command).toMatch(
          /^sudo systemctl (start|stop|enable|disable|status)( --no-pager)? logos-smoke\.service$/,
        );
    const text = renderPlan(action, host, steps);
    for (const step of steps) if (step.at === "node") expect(text).toContain(step.command);
    expect(text).toMatchSnapshot();
  });
  it("drain first where a scheduler gives work", () => {
    const [first] = plan("isolate", { ...situation, scheduled: true });
    expect(first).toMatchObject({ at: "here", argv: ["npx", "logos", "node", "drain", "rack-1", "--stack", "metal"] });
  });
});

describe("the recipe of the card", () => {
  const recipe = imageRecipe({
    host,
    operatorPublicKey: "ssh-ed25519 AAAA owner",
    gateway: "10.83.0.1",
    nameServers: ["10.83.0.1"],
    repository: "https://example.org/ai-systems.git",
    packages: [...packages],
  });
  it("is what cloud-init reads", () => {
    expect(recipe["user-data"]).toMatch(/^#cloud-config\n/);
    for (const text of Object.values(recipe)) expect(yaml.load(text)).toEqual(expect.any(Object));
    expect(yaml.load(recipe["user-data"])).toMatchObject({
      hostname: "rack-1",
      ssh_pwauth: false,
      users: [{ name: "operator", lock_passwd: true, ssh_authorized_keys: ["ssh-ed25519 AAAA owner"] }],
      package_upgrade: true,
      packages: expect.arrayContaining(["git", "vim", "curl"]),
    });
    expect(yaml.load(recipe["network-config"])).toMatchObject({
      ethernets: { wired: { addresses: ["10.83.0.64/24"], dhcp4: false } },
    });
  });
  it("lets nothing update by itself, and holds no secret", () => {
    expect(recipe["user-data"]).toMatch(
      /mask, apt-daily\.timer, apt-daily-upgrade\.timer, unattended-upgrades\.service/,
    );
    expect(Object.values(recipe).join("")).not.toMatch(/PRIVATE KEY|hashed_passwd|plain_text_passwd|password:/);
  });
});

describe("the node's own files", () => {
  it("are sound shell", () => {
    for (const name of ["prove", "evidence"])
      expect(spawnSync("sh", ["-n", join(folder, name)], { encoding: "utf8" }).stderr).toBe("");
  });
  it("have a reason for every package, the runbook's among them", () => {
    expect([...packages]).toEqual(expect.arrayContaining(["git", "vim", "curl"]));
    const rows = readFileSync(join(folder, "context.md"), "utf8").match(/^\| `/gm);
    expect(packages.size).toBe(rows?.length);
  });
  it("are units that nothing starts by itself and nothing heals", () => {
    const units = readdirSync(join(folder, "units"));
    expect(units.filter((unit) => !unit.endsWith(".service"))).toEqual([]);
    for (const unit of units) {
      const text = readFileSync(join(folder, "units", unit), "utf8");
      expect(text).not.toMatch(/^Restart=(?!no$)|^On[A-Z]\w*=|LoadCredential|SetCredential/m);
      const verified = spawnSync("systemd-analyze", ["verify", "--man=no", join(folder, "units", unit)], {
        encoding: "utf8",
      });
      expect(
        verified.stderr
          .split("\n")
          .filter((line) => line.includes(unit) && !/is not executable|Command .* is not/.test(line)),
      ).toEqual([]);
    }
  });
});

describe("the settings of hosts", () => {
  const settings = {
    "logos:metal": {
      value: "{}",
      objectValue: {
        hosts: [{ name: "rack-1", address: "10.83.0.64", hostKey: "k" }],
        bastion: { address: "10.83.0.2", hostKey: "k" },
        operatorKey: "canary",
        control: {},
      },
    },
    "logos:profile": { value: "operator" },
    "logos:pool": { value: "{}" },
  };
  it("are read from what pulumi config shows", () => {
    const access = parseAccess(JSON.stringify(settings), "metal");
    expect(access).toMatchObject({ profile: "operator", hosts: [{ name: "rack-1", index: 0, user: "operator" }] });
    expect(() => findHost(access, "rack-9")).toThrow('There is no host "rack-9" in metal.hosts. There are: rack-1.');
  });
  it("never show the key when they are wrong", () => {
    const text = JSON.stringify({ "logos:metal": { objectValue: { operatorKey: "canary", hosts: [{ name: 1 }] } } });
    expect(() => parseAccess(text, "metal")).toThrow(/hosts/);
    expect(() => parseAccess(text, "metal")).not.toThrow(/canary/);
  });
});

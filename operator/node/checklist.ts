import type { Evidence } from "./evidence.ts";
import { type NodeHost, serviceVerbs } from "./host.ts";

/** One line of a report: what was looked at, whether it is as it must be, and what was seen. */
export interface Item {
  readonly title: string;
  readonly done: boolean;
  readonly evidence: string;
}

export interface Expected {
  readonly host: NodeHost;
  /** Packages with a reason in `images/operator/context.md`. */
  readonly packages: ReadonlySet<string>;
  /** Is this a commit of this repository? */
  readonly isCommit: (id: string) => boolean;
}

/** Where the node's checkout of this repository is. */
export const checkoutFolder = "/home/operator/ai-systems";

const essentials = ["git", "vim", "curl"];

/** Timers that tidy and change no program: Debian's own. */
const harmlessTimers: readonly string[] = [
  "systemd-tmpfiles-clean.timer",
  "logrotate.timer",
  "man-db.timer",
  "fstrim.timer",
  "e2scrub_all.timer",
  "dpkg-db-backup.timer",
];

/** Verbs that look and change nothing. */
const reading: readonly string[] = [
  "show",
  "cat",
  "is-active",
  "is-enabled",
  "is-failed",
  "list-units",
  "list-timers",
  "list-unit-files",
  "is-system-running",
];

/** The nine steps of provisioning (node operations runbook, section 2), each with what shows it. */
export function provisioning(evidence: Evidence, { host, isCommit }: Expected): readonly Item[] {
  const system = evidence.one("system");
  const addresses = evidence.all("address").map((address) => address.split("/")[0]);
  const upgradable = evidence.all("upgradable");
  const installed = new Set(evidence.all("package"));
  const lacking = essentials.filter((name) => !installed.has(name));
  const users = evidence.all("user");
  const sshd = evidence.all("sshd");
  const commit = evidence.one("commit");
  return [
    item(
      "1 Debian 13 on the card",
      system === "debian-13",
      `${system}, ${evidence.one("architecture")}, ${evidence.one("model")}`,
    ),
    item("2 it boots", ["running", "degraded"].includes(evidence.one("booted")), evidence.one("booted")),
    item("3 its own host name", evidence.one("hostname") === host.name, evidence.one("hostname")),
    item(
      "4 a stable address",
      addresses.includes(host.address) && evidence.all("static").length > 0,
      `${addresses.join(", ")}; ${evidence.all("static").join(", ") || "no file of it fixes the address"}`,
    ),
    item(
      "5 system up to date",
      evidence.one("updated") !== "" && upgradable.length === 0,
      evidence.one("updated") === ""
        ? "package lists were never fetched"
        : `${upgradable.length} packages to upgrade ${upgradable.slice(0, 5).join(" ")}`.trim(),
    ),
    item(
      "6 essential packages",
      lacking.length === 0,
      lacking.length === 0 ? essentials.join(", ") : `missing: ${lacking.join(", ")}`,
    ),
    item(
      "7 a user that is not root",
      users.includes(host.user) && evidence.one("me") === host.user,
      `users ${users.join(", ")}`,
    ),
    item(
      "8 SSH by key, no passwords",
      ["passwordauthentication no", "kbdinteractiveauthentication no", "pubkeyauthentication yes"].every((line) =>
        sshd.includes(line),
      ),
      sshd.join(", ") || "sshd could not be asked",
    ),
    item(
      "9 this repository cloned",
      isCommit(commit),
      commit === "" ? `no checkout at ${checkoutFolder}` : `${checkoutFolder} at ${commit.slice(0, 12)}`,
    ),
  ];
}

/** The runbook's rules (sections 3, 4 and 6), each with what breaks it. */
export function rules(evidence: Evidence, { packages }: Expected): readonly Item[] {
  const base = new Set(evidence.all("base"));
  const timers = [...new Set(evidence.all("timer"))].filter((timer) => !harmlessTimers.includes(timer));
  return [
    rule(
      "packages have a reason in context.md",
      evidence.all("chosen").filter((name) => !base.has(name) && !packages.has(name)),
    ),
    rule(
      "units are links into the checkout",
      evidence.all("unit").filter((unit) => !isLinked(unit)),
    ),
    rule(
      "systemctl start, stop, enable, disable, status alone",
      evidence.all("systemctl").filter((words) => !isPermitted(words)),
    ),
    rule("nothing updates or acts by itself", [...timers, ...evidence.all("cron")]),
    rule("nothing heals itself", evidence.all("restarts")),
    rule("no credential on its disk", [...new Set(evidence.all("credential"))]),
    rule("pip only in a venv", evidence.all("pip")),
    rule("no global npm", evidence.all("npm")),
    rule(
      "no code that was not reviewed",
      evidence.all("change").map((line) => line.trim()),
    ),
  ];
}

/** `NAME -> TARGET`: a unit of the checkout, Debian's own that is enabled or renamed, or one that is masked. */
function isLinked(unit: string): boolean {
  const target = / -> (?<target>.*)$/.exec(unit)?.groups?.target ?? "";
  return (
    [`${checkoutFolder}/`, "/usr/lib/systemd/system/", "/lib/systemd/system/"].some((begin) =>
      target.startsWith(begin),
    ) || target === "/dev/null"
  );
}

function isPermitted(words: string): boolean {
  const verb = words.split(/\s+/).find((word) => !word.startsWith("-")) ?? "";
  return [...serviceVerbs, ...reading, ""].includes(verb);
}

function rule(title: string, broken: readonly string[]): Item {
  const more = broken.length > 5 ? ` and ${broken.length - 5} more` : "";
  return item(
    title,
    broken.length === 0,
    broken.length === 0 ? "nothing found" : `${broken.slice(0, 5).join(", ")}${more}`,
  );
}

function item(title: string, done: boolean, evidence: string): Item {
  return { title, done, evidence };
}

/** Names of the table in `context.md`. */
export function packagesOf(context: string): ReadonlySet<string> {
  return new Set([...context.matchAll(/^\| `([a-z0-9][a-z0-9.+-]*)` \| \S.* \|$/gm)].map((match) => match[1] ?? ""));
}

export function renderReport(host: string, steps: readonly Item[], held: readonly Item[]): string {
  const line = (yes: string, no: string) => (one: Item) =>
    `  [${one.done ? yes : no}] ${one.title.padEnd(46)} ${one.evidence}`;
  const open = [...steps, ...held].filter(({ done }) => !done).length;
  return [
    `Provisioning of ${host} (node operations runbook, section 2)`,
    ...steps.map(line("done    ", "not done")),
    "Rules (sections 3, 4 and 6)",
    ...held.map(line("held  ", "BROKEN")),
    open === 0 ? `${host} is as the runbook wants it.` : `${open} to see to. Nothing was changed.`,
    "",
  ].join("\n");
}

import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildAgent } from "../../../agent/build.ts";
import { prepare } from "../../../agent/commands/prepare.ts";
import { signText } from "../../../agent/image/sign.ts";
import { writeAtomically } from "../../../agent/io/files.ts";
import { takeLock } from "../../../agent/io/lock.ts";
import { run, systemPath } from "../../../agent/io/process.ts";
import { withScratch } from "../../../agent/io/scratch.ts";
import { pathsUnder } from "../../../agent/paths.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "logos-test-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("prepare", () => {
  const record = {
    name: "n-1",
    group: "node",
    instanceId: "i-1",
    address: "10.83.0.64",
    cpus: 2,
    memoryMb: 3072,
    diskMb: 1,
    bastionAddress: "10.83.0.2",
    controlAddress: "10.83.0.3",
    operatorRanges: ["10.83.0.1/32"],
  };
  const target = () => pathsUnder(join(folder, "etc"), join(folder, "run"));

  it("lays out what the machine is told", () => {
    writeFileSync(join(folder, "logos.machine"), JSON.stringify(record));
    writeFileSync(join(folder, "logos.allowed-signers"), "logos-image ssh-ed25519 AAAA\n");
    prepare(folder, target());
    expect(JSON.parse(readFileSync(target().machine, "utf8"))).toEqual(record);
    expect(readFileSync(target().allowedSigners, "utf8")).toContain("logos-image");
    expect(readdirSync(join(folder, "run")).sort()).toEqual([
      "allowed_signers",
      "machine.json",
      "peers.nft",
      "runtime_resources.json",
    ]);
  });

  it.each([
    ["is missing", undefined, /credential logos\.machine is missing/],
    ["is broken", "{", /credential logos\.machine: is not JSON/],
    ["is incomplete", "{}", /name must be a host name, not absent/],
  ])("leaves nothing, and so no network, when the record %s", (_name, text, message) => {
    if (text !== undefined) writeFileSync(join(folder, "logos.machine"), text);
    expect(() => prepare(folder, target())).toThrow(message);
    expect(existsSync(target().peers)).toBe(false);
  });
});

describe("the lock", () => {
  it("is let go when its holder is killed, but not before the program that it runs has ended", async () => {
    const path = join(folder, "lock");
    const script = `
      import { takeLock } from ${JSON.stringify(join(import.meta.dirname, "../../../agent/io/lock.ts"))};
      import { spawn } from "node:child_process";
      const lock = takeLock(${JSON.stringify(path)}, "test", 0);
      const child = spawn("sleep", ["60"], { detached: true, stdio: ["ignore", "ignore", "ignore", lock.fd] });
      console.log(child.pid);
      setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const child = Number(
      await new Promise<string>((resolve) => holder.stdout.once("data", (chunk) => resolve(String(chunk)))),
    );
    expect(() => takeLock(path, "second", 0)).toThrow(/in use by test, process \d+, since/);
    const gone = new Promise((resolve) => holder.once("exit", resolve));
    holder.kill("SIGKILL");
    await gone;
    expect(() => takeLock(path, "second", 0)).toThrow(/in use by test/);
    process.kill(child, "SIGKILL");
    takeLock(path, "second", 5).release();
  });

  it.each<[string, (path: string) => void]>([
    ["a link", (path) => symlinkSync("/etc/hostname", path)],
    [
      "a second name of another file",
      (path) => {
        writeFileSync(`${path}.other`, "");
        linkSync(`${path}.other`, path);
      },
    ],
    ["a folder", (path) => mkdirSync(path)],
    [
      "a pipe",
      (path) => {
        execFileSync("mkfifo", [path]);
      },
    ],
  ])("is not taken on %s", (_name, make) => {
    const path = join(folder, "lock");
    make(path);
    expect(() => takeLock(path, "x", 0)).toThrow(/cannot be opened|not a plain file of its own/);
  });
});

describe("a program", () => {
  const command = (argv: readonly [string, ...string[]], timeoutSeconds = 10) => ({
    argv,
    cwd: folder,
    env: { PATH: systemPath },
    timeoutSeconds,
  });

  it("that does not end is stopped, with everything it started", async () => {
    const finished = await run(command(["sh", "-c", "sleep 61 & echo $!; wait"], 0.3));
    expect(finished).toMatchObject({ timedOut: true, code: null });
    const child = Number(finished.stdout);
    expect(existsSync(`/proc/${child}`) && readFileSync(`/proc/${child}/stat`, "utf8").includes(") Z")).toBe(
      existsSync(`/proc/${child}`),
    );
  });
  it("sees no variable but those it is given", async () => {
    const { stdout } = await run(command(["env"]));
    expect(
      stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.split("=")[0]),
    ).toEqual(["PATH"]);
  });
  it("that is not there is named", async () => {
    await expect(run(command(["no-such-program"]))).rejects.toThrow(
      '"no-such-program" is not installed: it is in none of /usr/sbin',
    );
  });
  it("gives the end of its output in the order it came", async () => {
    const { tail, code } = await run(command(["sh", "-c", "echo one; echo two >&2; exit 3"]));
    expect([...tail.split("\n")].sort()).toEqual(["", "one", "two"]);
    expect(code).toBe(3);
  });
});

describe("scratch folders", () => {
  it("are gone afterwards, and so are those of agents that were killed", async () => {
    const dead = spawnSync("true").pid;
    const stale = join(tmpdir(), `logos-gate-${dead}-x`);
    mkdirSync(stale, { recursive: true });
    const used = await withScratch(undefined, async (scratch) => {
      expect(existsSync(stale)).toBe(false);
      writeFileSync(join(scratch, "file"), "");
      return scratch;
    });
    expect(existsSync(used)).toBe(false);
  });
});

describe("a file that is replaced", () => {
  it("has the bits it should have, whatever the umask", () => {
    const before = process.umask(0o077);
    writeAtomically(join(folder, "file"), "text");
    process.umask(before);
    expect(statSync(join(folder, "file")).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(["file"]);
  });
});

describe("a signature", () => {
  it("is one that ssh-keygen accepts, and its key is gone", async () => {
    const key = join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const before = readdirSync("/dev/shm");
    const signature = await signText("the record", readFileSync(key, "utf8"));
    expect(readdirSync("/dev/shm")).toEqual(before);
    writeFileSync(join(folder, "sig"), signature);
    writeFileSync(join(folder, "signers"), `logos-image ${readFileSync(`${key}.pub`, "utf8")}`);
    const verify = (text: string) =>
      spawnSync(
        "ssh-keygen",
        [
          "-Y",
          "verify",
          "-n",
          "logos-image",
          "-I",
          "logos-image",
          "-f",
          join(folder, "signers"),
          "-s",
          join(folder, "sig"),
        ],
        { input: text },
      ).status;
    expect(verify("the record")).toBe(0);
    expect(verify("another record")).not.toBe(0);
  });
  it("is refused without a key", async () => {
    await expect(signText("text", "no key")).rejects.toThrow(/is standard input an OpenSSH private key/);
  });
});

describe("the bundle", () => {
  it("is the same bytes each time, and runs by itself", async () => {
    const first = await buildAgent(join(folder, "a/agent.mjs"));
    const second = await buildAgent(join(folder, "b/agent.mjs"));
    expect(second).toEqual(first);
    const text = readFileSync(join(folder, "a/agent.mjs"), "utf8");
    expect(text).not.toContain(folder);
    expect(text).not.toContain(join(import.meta.dirname, "../../.."));
    chmodSync(folder, 0o755);
    const usage = spawnSync(process.execPath, [join(folder, "a/agent.mjs"), "nonsense"], {
      cwd: "/",
      encoding: "utf8",
    });
    expect(usage.status).toBe(2);
    expect(usage.stderr).toMatch(
      /^Usage: logos-agent COMMAND\nCommands: boot, demand, follow, gate, health, job, job-log, leave, manifest, mission, prepare, rebuild, stress, submit, watchdog\n$/,
    );
  });
  it("shows no stack trace for a mistake", async () => {
    await buildAgent(join(folder, "agent.mjs"));
    for (const args of [
      ["manifest", "write"],
      ["gate", "--nonsense"],
      ["gate", "--propose", "--checkout", "/nowhere"],
      ["prepare"],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [join(folder, "agent.mjs"), ...args], {
        encoding: "utf8",
        env: { PATH: systemPath },
      });
      expect(status, stderr).toBe(2);
      expect(stderr).toMatch(/^logos-agent \S+: .+\n$/);
    }
  });
});

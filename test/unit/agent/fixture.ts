import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { GateRequest } from "../../../agent/gate/gate.ts";
import { hashFile } from "../../../agent/io/files.ts";
import { systemPath } from "../../../agent/io/process.ts";
import { type Paths, pathsUnder } from "../../../agent/paths.ts";
import { sha256Hex } from "../../../core/digest.ts";
import { renderManifest } from "../../../core/manifest.ts";

/** A user without rights, for the checkout when the tests run as root: the gate refuses root's own. */
const nobody = 65534;
export const agentHash = "a".repeat(64);
export const imageDigest = "d".repeat(64);

/** A machine in miniature: a small checkout with real Git, pins, records, and stand-ins for Coq's programs. */
export interface Fixture {
  readonly checkout: string;
  readonly paths: Paths;
  /** Replaces one of Coq's programs by a shell script. */
  program(name: string, script: string): void;
  removeProgram(name: string): void;
  /** Writes a file of the checkout, without a commit. */
  write(path: string, text: string): void;
  /** Commits everything and makes it the commit that this machine is for. */
  commit(): string;
  /** Takes the guarded files as they are into the pins. */
  pin(theorems?: Readonly<Record<string, readonly string[]>>): void;
  /** Writes and signs manifest and image record over `files`, pins and workload record. */
  sign(files?: readonly string[]): void;
  git(...args: readonly string[]): string;
  request(kind?: GateRequest["kind"]): GateRequest;
  remove(): void;
}

const files: Readonly<Record<string, string>> = {
  _CoqProject: "-Q src Tiny\nsrc/One.v\n",
  "src/One.v": "Theorem truth : True.\nProof. exact I. Qed.\n",
  ".gitignore": "*.vo\n",
  "scripts/boot_aligned_agent.py": `EXPECTED_AGENT_HASH = "${agentHash}"\n`,
  "test_lem_discharge.py": 'print("=== Rebuild ===")\nprint("Overall status: PASS")\n',
};

/** What Coq's programs answer for this checkout: one theorem without axioms. */
const programs: Readonly<Record<string, string>> = {
  coqc: `case "$1" in --print-version) echo "8.20.1 5.3.0" ;; *)
    for last; do :; done
    sed -n 's/^Redirect "\\(.*\\)" Print.*/\\1/p' "$last" | while read -r out; do echo "Closed under the global context" > "$out.out"; done ;;
  esac`,
  coqchk: 'echo "Modules were successfully checked"',
  coq_makefile: "exit 0",
  coqtop: "exit 0",
};

export function makeFixture(): Fixture {
  const root = mkdtempSync(join(tmpdir(), "logos-test-"));
  chmodSync(root, 0o755);
  const checkout = join(root, "checkout");
  const bin = join(root, "bin");
  const paths = pathsUnder(join(root, "etc"), join(root, "run"));
  for (const folder of [checkout, bin, join(root, "etc"), join(root, "run")]) mkdirSync(folder);

  const asRoot = process.getuid?.() === 0;
  const own = (folder: string) => {
    if (!asRoot) return;
    chownSync(folder, nobody, nobody);
    for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" }))
      lchownSync(join(folder, entry), nobody, nobody);
  };
  const git = (...args: readonly string[]) =>
    execFileSync("git", ["-c", `safe.directory=${checkout}`, ...args], {
      cwd: checkout,
      encoding: "utf8",
      env: {
        PATH: systemPath,
        HOME: root,
        GIT_AUTHOR_NAME: "t",
        GIT_AUTHOR_EMAIL: "t@t",
        GIT_COMMITTER_NAME: "t",
        GIT_COMMITTER_EMAIL: "t@t",
      },
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  const write = (path: string, text: string) => {
    const file = join(checkout, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    own(checkout);
  };
  const commit = () => {
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", "state");
    own(checkout);
    const id = git("rev-parse", "HEAD");
    writeFileSync(paths.workload, JSON.stringify({ repository: "./workload", commit: id }));
    return id;
  };
  const program = (name: string, script: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const pin: Fixture["pin"] = (theorems = { "Tiny.One.truth": [] }) => {
    const guarded = ["test_lem_discharge.py", "_CoqProject"];
    const guardedFiles = Object.fromEntries(guarded.map((path) => [path, hashFile(join(checkout, path)).sha256]));
    writeFileSync(paths.pins, JSON.stringify({ agentHash, guardedFiles, theorems }));
  };
  const key = join(root, "key");
  const sign: Fixture["sign"] = (covered = []) => {
    const manifest = renderManifest(
      [paths.pins, paths.workload, ...covered].map((path) => ({ path, sha256: hashFile(path).sha256 })),
    );
    writeFileSync(paths.manifest, manifest);
    const image = {
      digest: imageDigest,
      workload: JSON.parse(execFileSync("cat", [paths.workload], { encoding: "utf8" })),
      coqVersion: "8.20.1",
      packagesSha256: "1".repeat(64),
      manifestSha256: sha256Hex(manifest),
      smokeTranscriptSha256: "2".repeat(64),
      createdAt: "2026-01-01T00:00:00Z",
    };
    writeFileSync(paths.image, JSON.stringify(image));
    rmSync(paths.imageSignature, { force: true });
    execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", "logos-image", "-f", key, paths.image], { stdio: "ignore" });
  };

  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key, "-C", "test"]);
  const publicKey = execFileSync("cat", [`${key}.pub`], { encoding: "utf8" });
  writeFileSync(paths.allowedSigners, `logos-image ${publicKey}`);
  writeFileSync(
    paths.machine,
    JSON.stringify({
      name: "n-1",
      group: "node",
      instanceId: "i-1",
      address: "10.83.0.64",
      cpus: 2,
      memoryMb: 3072,
      diskMb: 16384,
      bastionAddress: "10.83.0.2",
      controlAddress: "10.83.0.3",
      operatorRanges: ["10.83.0.1/32"],
      imageDigest,
    }),
  );
  for (const [name, script] of Object.entries(programs)) program(name, script);
  git("init", "-q", "-b", "main");
  for (const [path, text] of Object.entries(files)) write(path, text);
  commit();
  pin();
  sign();
  return {
    checkout,
    paths,
    program,
    removeProgram: (name) => rmSync(join(bin, name)),
    write,
    commit,
    pin,
    sign,
    git,
    request: (kind = "boot") => ({
      kind,
      checkout,
      paths,
      slots: 2,
      lockWaitSeconds: 0,
      // The real programs of the system, but Coq only from here.
      searchPath: `${bin}:${onlyTools(root)}`,
      agentVersion: "test",
      progress: () => undefined,
    }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A folder with links to what the gate needs beside Coq, so that a removed stand-in is really missing. */
function onlyTools(root: string): string {
  const folder = join(root, "tools");
  mkdirSync(folder, { recursive: true });
  const script = 'cd "$1"; shift; for tool; do ln -sf "$(command -v "$tool")" "$tool"; done';
  execFileSync("sh", ["-c", script, "sh", folder, "git", "make", "python3", "sh", "sed", "sleep", "env"], {
    env: { PATH: systemPath },
  });
  return folder;
}

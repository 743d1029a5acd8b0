import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Lab, sharedLab, until } from "../../support/lab.ts";
import { configureVariant } from "../../support/pins.ts";
import { workloadVariant } from "../../support/workload-variant.ts";
import { type Claim, hold } from "../claim.ts";

/** Claims about what the gate refuses, each seen from outside: no image, or no registration, and the pool as it was. */
export const gateClaims: readonly Claim[] = [
  refusedCommit("gate-admitted-lemma", "an admitted lemma", admitLemma, /\[?proofs\]?[\s\S]*Admitted/),
  refusedCommit(
    "gate-added-axiom",
    "an added axiom",
    addAxiom,
    /axioms[\s\S]*internal_excluded_middle rests on Classical_Prop\.classic/,
  ),
  refusedCommit("gate-agent-hash", "a changed agent hash", changeAgentHash, /EXPECTED_AGENT_HASH|agent hash/i),
  refusedCommit(
    "gate-failing-script",
    "a failing script",
    failScript,
    /test_lem_discharge\.py[\s\S]*a reason of its own/,
  ),
  {
    name: "gate-missing-coq",
    tag: "lab",
    statement: "A node without Coq fails its gate, says so, and is not registered any more.",
    seconds: 30,
    check: async () => {
      const lab = await sharedLab();
      const [node] = await lab.readyNodes();
      hold(node !== undefined, "no ready node");
      await lab.must(node.name, "sudo mv /usr/bin/coqc /usr/bin/coqc.away");
      const restart = await lab.on(node.name, "sudo systemctl restart logos-smoke");
      const journal = await lab.must(node.name, "sudo journalctl -u logos-smoke --no-pager -o cat | tail -n 40");
      const slurmd = await lab.on(node.name, "systemctl is-active slurmd");
      hold(restart.code !== 0, "the gate passed without coqc");
      hold(!/^active/.test(slurmd.output), "slurmd still runs");
      await whole(lab, node.name);
      const message = journal.split("\n").findLast((text) => text.startsWith("FAIL at")) ?? "";
      hold(message.includes("coqc"), `the explanation does not name coqc: ${message}`);
      return `refused: ${message.slice(0, 160)}; the node was replaced`;
    },
  },
  {
    name: "tampered-node",
    tag: "lab",
    statement:
      "A node of which a file changes after boot is drained by the scheduler's health check, with the file's name.",
    seconds: 60,
    check: async () => {
      const lab = await sharedLab();
      const [node] = await lab.readyNodes();
      hold(node !== undefined, "no ready node");
      const start = performance.now();
      await lab.must(node.name, "sudo sh -c 'echo >> /opt/logos/workload/_CoqProject'");
      // The pool replaces an idle unfit node at once, so that the drained state itself may pass between two looks.
      const reason = await until(`drain of ${node.name}`, 120, async () => {
        const log = await lab.must("control", "sudo journalctl -u slurmctld -o cat --no-pager");
        return log.split("\n").find((text) => text.includes(node.name) && /reason set to: .*_CoqProject/.test(text));
      });
      const seconds = (performance.now() - start) / 1000;
      await whole(lab, node.name);
      return `drained after ${seconds.toFixed(0)} s: ${reason}`;
    },
  },
];

/** A commit that no image may be made of: `up` fails with the check's message, image and pool stay. */
function refusedCommit(name: string, what: string, change: (folder: string) => void, expected: RegExp): Claim {
  return {
    name,
    tag: "lab",
    statement: `A workload commit with ${what}: no image, its own message, and the pool is not touched.`,
    seconds: 45,
    check: async () => {
      const lab = await sharedLab();
      const before = await identity(lab);
      const variant = workloadVariant(change);
      try {
        configureVariant(lab, variant);
        const run = await lab.stack.up();
        hold(run.code !== 0, "up succeeded");
        hold(expected.test(run.output), `the message is not there: ${run.output.slice(-3000)}`);
        hold((await identity(lab)) === before, `image or pool changed: ${before} became ${await identity(lab)}`);
        return `refused after ${run.seconds.toFixed(0)} s; same image, same nodes`;
      } finally {
        lab.configure();
        await lab.up();
        variant.remove();
      }
    },
  };
}

/** Image and nodes of the pool, as one text. */
async function identity(lab: Lab): Promise<string> {
  const nodes = (await lab.readyNodes()).map((node) => `${node.name} ${node.imageId}`);
  return nodes.sort().join(", ");
}

/** Waits for three ready nodes and no other, of which none has that name. */
async function whole(lab: Lab, without: string): Promise<void> {
  await until("three ready nodes", 120, async () => {
    const nodes = await lab.members();
    return nodes.length === 3 && nodes.every((node) => node.phase === "ready" && node.name !== without)
      ? true
      : undefined;
  });
}

const theorem = /(Theorem internal_excluded_middle\b[\s\S]*?\n)Proof\.[\s\S]*?\n?(?:Qed|Defined)\./;

function editFile(folder: string, file: string, edit: (text: string) => string): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const edited = edit(text);
  if (edited === text) throw new Error(`The change to ${file} found nothing to change`);
  writeFileSync(path, edited);
}

function admitLemma(folder: string): void {
  editFile(folder, "baseline/InternalExcludedMiddle.v", (text) => text.replace(theorem, "$1Proof.\nAdmitted."));
}

/**
 * A theorem comes to rest on an axiom of Coq's library. The workload's own list is changed along, as whoever means harm would: the
 * pins outside the checkout must notice.
 */
function addAxiom(folder: string): void {
  editFile(folder, "axioms.json", (text) =>
    text.replace(/("Logos\.InternalExcludedMiddle\.internal_excluded_middle": \[)/, '$1"Classical_Prop.classic"'),
  );
  editFile(
    folder,
    "baseline/InternalExcludedMiddle.v",
    (text) =>
      `From Coq Require Classical_Prop.\n${text.replace(theorem, (found) =>
        found.replace("Proof.", "Proof.\n  pose proof Classical_Prop.classic as added.\n "),
      )}`,
  );
}

function changeAgentHash(folder: string): void {
  editFile(folder, "scripts/boot_aligned_agent.py", (text) =>
    text.replace(/^(EXPECTED_AGENT_HASH\b[^"']*["'])[0-9a-f]{4}/m, "$10000"),
  );
}

function failScript(folder: string): void {
  editFile(folder, "test_lem_discharge.py", (text) =>
    text.replace(
      /^if __name__ == .*$/m,
      'if __name__ == "__main__":\n    raise SystemExit("a reason of its own")\n\n$&',
    ),
  );
}

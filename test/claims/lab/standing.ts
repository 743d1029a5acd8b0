import type { NodeStatus } from "../../../providers/lab/pool/status.ts";
import { sharedLab, until } from "../../support/lab.ts";
import { changedNothing, changes } from "../../support/stack.ts";
import { type Claim, hold } from "../claim.ts";

/** Claims about a stack that stands: nothing drifts, it scales, its nodes are what they say. */
export const standingClaims: readonly Claim[] = [
  {
    name: "no-drift",
    tag: "lab",
    statement: "A second up changes nothing, and a refresh finds nothing changed.",
    seconds: 60,
    check: async () => {
      const lab = await sharedLab();
      const up = await lab.up();
      hold(changedNothing(up), `the second up: ${JSON.stringify(changes(up))}`);
      const refresh = await lab.stack.refresh();
      hold(changedNothing(refresh), `refresh: ${JSON.stringify(changes(refresh))} ${refresh.output.slice(-1500)}`);
      const preview = await lab.stack.preview("--expect-no-changes");
      hold(preview.code === 0, `preview after it: ${preview.output.slice(-1500)}`);
      return `0 changes; up ${up.seconds.toFixed(1)} s, refresh ${refresh.seconds.toFixed(1)} s, preview ${preview.seconds.toFixed(1)} s`;
    },
  },
  {
    name: "true-slots",
    tag: "lab",
    statement: "sinfo lists the pool's nodes with the CPUs they were given, and a rebuild job on each returns PASS.",
    seconds: 60,
    check: async () => {
      const lab = await sharedLab();
      const listed = await lab.slurmNodes();
      hold(listed.length === 3, `Slurm lists ${listed.length} nodes`);
      hold(
        listed.every((node) => node.cpus === 2),
        `slots: ${listed.map((node) => node.cpus).join(", ")}`,
      );
      await lab.must("control", "rm -f rebuild-*.out");
      const jobs = await Promise.all(
        listed.map(({ name }) =>
          lab.must(
            "control",
            `sbatch --parsable -N1 -n1 -w ${name} -o /tmp/rebuild-%j.out --wrap 'logos-agent rebuild'`,
          ),
        ),
      );
      for (const [index, job] of jobs.entries()) {
        const id = job.trim();
        const node = listed[index]?.name ?? "";
        const state = await until(`end of job ${id}`, 120, async () => {
          const shown = await lab.must("control", `scontrol show job ${id}`);
          const found = /JobState=(\w+)/.exec(shown)?.[1];
          return found === "PENDING" || found === "RUNNING" || found === "COMPLETING" ? undefined : found;
        });
        const output = await lab.must(node, `cat /tmp/rebuild-${id}.out`);
        hold(state === "COMPLETED" && /^PASS/m.test(output), `job ${id} on ${node}: ${state}; ${output.slice(-800)}`);
      }
      return `3 nodes of 2 CPUs; 3 rebuild jobs, all PASS`;
    },
  },
  {
    name: "rebuild-unit",
    tag: "lab",
    statement: "systemctl start logos-rebuild works on a node, and its log is in the journal.",
    seconds: 20,
    check: async () => {
      const lab = await sharedLab();
      const [node] = await lab.readyNodes();
      hold(node !== undefined, "no ready node");
      const start = await lab.on(node.name, "sudo systemctl start logos-rebuild");
      const journal = await lab.must(node.name, "sudo journalctl -u logos-rebuild --no-pager -o cat");
      hold(start.code === 0 && /PASS/.test(journal), `exit ${start.code}; journal: ${journal.slice(-800)}`);
      return `PASS in the journal after ${start.seconds.toFixed(1)} s`;
    },
  },
  {
    name: "scale",
    tag: "lab",
    statement: "pool.min 6 adds three nodes and changes nothing else; back to 3 drains first and ends no running job.",
    seconds: 120,
    check: async (progress) => {
      const lab = await sharedLab();
      const names = (nodes: readonly NodeStatus[]): string[] => nodes.map((node) => node.name).sort();
      const before = names(await lab.readyNodes());
      hold(before.length === 3, `started from ${before.length} ready nodes`);
      lab.configure("  logos:pool:", "    min: 6");
      const out = await lab.up();
      const six = names(await lab.readyNodes());
      hold(six.length === 6 && before.every((name) => six.includes(name)), `after growing: ${six.join(", ")}`);
      const grown = changes(out);
      hold(grown.created + grown.replaced + grown.deleted === 0, `growing changed more: ${JSON.stringify(grown)}`);
      progress(`six nodes after ${out.seconds.toFixed(1)} s`);

      const wrap =
        "touch /tmp/began-$SLURM_JOB_ID; for i in $(seq 40); do sleep 0.25; done; touch /tmp/ended-$SLURM_JOB_ID";
      const jobs = await Promise.all(
        six.map((name) => lab.must("control", `sbatch --parsable -n2 -w ${name} -o /dev/null --wrap '${wrap}'`)),
      );
      await until("six running jobs", 30, async () =>
        (await lab.must("control", "squeue -h -t R -o %i")).trim().split("\n").length === 6 ? true : undefined,
      );
      lab.configure();
      const back = await lab.up();
      await until("three nodes", 120, async () => ((await lab.members()).length === 3 ? true : undefined));
      for (const job of jobs) {
        const shown = await until(`end of job ${job.trim()}`, 60, async () => {
          const text = await lab.must("control", `scontrol show job ${job.trim()}`);
          return /JobState=(PENDING|RUNNING|COMPLETING)/.test(text) ? undefined : text;
        });
        hold(/JobState=COMPLETED/.test(shown) && /Restarts=0/.test(shown), `a job was ended: ${shown.slice(0, 800)}`);
      }
      return `3 to 6 in ${out.seconds.toFixed(1)} s, back in ${back.seconds.toFixed(1)} s with 6 of 6 running jobs completed`;
    },
  },
];

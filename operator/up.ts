import { relative } from "node:path";
import { parseNodes, slurmJsonOption } from "../core/slurm/nodes.ts";
import { runMain } from "./complaint.ts";
import { readOutputs } from "./outputs.ts";
import { runPulumi } from "./pulumi.ts";
import { runOver, writeSshAccess } from "./ssh.ts";
import { nodeLines, renderSummary } from "./summary.ts";

/** `npm run up [-- STACK]`: brings a stack up, `dev` where none is named, and says what stands. */
await runMain(async () => {
  const stack = process.argv[2] ?? "dev";
  const selected = await runPulumi(["stack", "select", "--create", stack]);
  if (selected !== 0) return selected;
  const code = await runPulumi(["up", "--yes", "--stack", stack]);
  if (code !== 0) return code;

  const outputs = readOutputs(stack);
  const config = writeSshAccess(stack, outputs);
  const nodes = nodeLines(parseNodes(runOver(config, "control", `scontrol show nodes ${slurmJsonOption}`)));
  process.stdout.write(`\n${renderSummary(stack, outputs, nodes, relative(process.cwd(), config))}`);
  return 0;
});

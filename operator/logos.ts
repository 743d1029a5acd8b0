import { jobCommand, jobHelp } from "./commands/job.ts";
import { jobsCommand, jobsHelp } from "./commands/jobs.ts";
import { nodeCommand, nodeHelp } from "./commands/node.ts";
import { runCommand, runHelp } from "./commands/run.ts";
import { statusCommand, statusHelp } from "./commands/status.ts";
import { runMain } from "./complaint.ts";
import { Usage } from "./options.ts";
import { openSession, type Session } from "./session.ts";

interface Command {
  readonly what: string;
  readonly help: string;
  readonly run: (args: readonly string[], open: () => Session, stack: string) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  run: { what: "submit work: rebuild, boot, stress, or a command", help: runHelp, run: runCommand },
  jobs: { what: "list jobs", help: jobsHelp, run: jobsCommand },
  job: { what: "show, logs or cancel one job", help: jobHelp, run: jobCommand },
  status: { what: "the pool, its nodes, and what waits", help: statusHelp, run: statusCommand },
  node: {
    what: "drain, resume or respawn a node; hosts of one's own: checklist, isolate, re-image",
    help: nodeHelp,
    run: nodeCommand,
  },
};

const help = `Usage: logos COMMAND [--stack STACK]

${Object.entries(commands)
  .map(([name, { what }]) => `  ${name.padEnd(8)} ${what}`)
  .join("\n")}

  --stack STACK   the stack to speak to (dev)
  --help          of each command: its options

Exit codes: 0 done; 1 failed; 64 wrong call; 65 refused, with the reason; 69 no answer, try again; 130 Ctrl-C.
With --wait the exit code is the job's: its own, 124 for its time limit, 130 for a cancel, 128 + N for signal N.
`;

/** `logos`: jobs, pool and nodes of a stack, over SSH through its bastion. */
await runMain(() => main(process.argv.slice(2)));

async function main(argv: readonly string[]): Promise<number> {
  const { stack, wantsHelp, rest } = takeCommon(argv);
  const [name, ...args] = rest;
  if (name === undefined || name === "help") {
    process.stdout.write(help);
    return wantsHelp || name === "help" ? 0 : 64;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Usage(`There is no command "${name}".`);
  if (wantsHelp) {
    process.stdout.write(command.help);
    return 0;
  }
  return command.run(args, () => openSession(stack), stack);
}

/** Takes `--stack` and `--help` out, wherever they stand before a `--`. */
function takeCommon(argv: readonly string[]): { stack: string; wantsHelp: boolean; rest: readonly string[] } {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const rest: string[] = [];
  let stack = "dev";
  let wantsHelp = false;
  for (let index = 0; index < end; index += 1) {
    const word = argv[index] ?? "";
    if (word === "--help" || word === "-h") wantsHelp = true;
    else if (word.startsWith("--stack=")) stack = word.slice("--stack=".length);
    else if (word === "--stack") {
      index += 1;
      stack = index < end ? (argv[index] ?? "") : "";
    } else rest.push(word);
  }
  if (!/^[A-Za-z0-9._-]+$/.test(stack)) throw new Usage("--stack takes the name of a stack.");
  return { stack, wantsHelp, rest: [...rest, ...argv.slice(end)] };
}

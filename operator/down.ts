import { runMain } from "./complaint.ts";
import { downCommand, parseDown } from "./down-plan.ts";
import { askPulumi, runPulumi } from "./pulumi.ts";
import { removeSshAccess } from "./ssh.ts";

/**
 * `npm run down [-- STACK]`: destroys a stack, `dev` where none is named, and leaves what is protected: the stores and the keys of a
 * stack that keeps its data. `-- STACK --data --yes` removes those too. The stack's settings stay for the next `up`.
 */
await runMain(async () => {
  const request = parseDown(process.argv.slice(2));
  const code = await runPulumi(downCommand(request));
  if (code !== 0) return code;
  removeSshAccess(request.stack);
  process.stdout.write(`${remains(request.stack)}\n`);
  return 0;
});

function remains(stack: string): string {
  const state = askPulumi(["stack", "export", "--stack", stack]);
  if (state === undefined)
    return `What is left of stack "${stack}" could not be asked; \`npx pulumi stack --stack ${stack}\` tells.`;
  const kept = (state.match(/^\s*"protect": true,?$/gm) ?? []).length;
  return kept === 0
    ? `Nothing of stack "${stack}" is left but the images, which the next \`npm run up\` takes again.`
    : `${kept} stores and keys of stack "${stack}" are kept, and the images; \`npm run down -- ${stack} --data\` removes the former.`;
}

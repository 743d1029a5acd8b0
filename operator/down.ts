import { runMain } from "./complaint.ts";
import { runPulumi } from "./pulumi.ts";
import { removeSshAccess } from "./ssh.ts";

/** `npm run down [-- STACK]`: destroys a stack, `dev` where none is named. The stack's settings stay for the next `up`. */
await runMain(async () => {
  const stack = process.argv[2] ?? "dev";
  const code = await runPulumi(["destroy", "--yes", "--stack", stack]);
  if (code !== 0) return code;
  removeSshAccess(stack);
  process.stdout.write(
    `Nothing of stack "${stack}" is left on this host but the images, which the next \`npm run up\` takes again.\n`,
  );
  return 0;
});

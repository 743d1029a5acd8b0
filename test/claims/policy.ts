import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { leftovers } from "../../providers/lab/cleanup.ts";
import { repository } from "../support/stack.ts";
import { type Claim, hold } from "./claim.ts";

const labId = "claims-planted";

/** What a program could declare that no guardrail lets through, as source text below the imports. */
const planted: readonly (readonly [what: string, program: string, message: RegExp])[] = [
  [
    "a node that the operator reaches past the bastion",
    `new Network("network", { labId: "${labId}", cidr: "10.83.30.0/24", rules: [{ from: "operator", to: "node", protocol: "tcp", ports: [22] }] }, {});`,
    /no-public-ingress/,
  ],
  [
    "a command without pinned host keys",
    'new Command("bare", { connection: { host: "10.83.30.2", user: "root" }, create: "id" });',
    /bastion-only/,
  ],
];

/** Claims about the guardrails, through the real engine. */
export const policyClaims: readonly Claim[] = [
  {
    name: "guardrails-stop-up",
    tag: "policy",
    statement: "A violation of a guardrail stops up before anything is made, and names the rule and how to mend it.",
    seconds: 20,
    check: async () => {
      const folder = mkdtempSync(join(tmpdir(), "logos-planted-"));
      try {
        prepare(folder);
        const pulumi = (...args: string[]) =>
          spawnSync(join(repository, "node_modules/.bin/pulumi"), ["-C", folder, ...args, "--non-interactive"], {
            encoding: "utf8",
            env: {
              ...process.env,
              PULUMI_BACKEND_URL: `file://${folder}`,
              PULUMI_CONFIG_PASSPHRASE: "",
              NO_COLOR: "1",
            },
          });
        hold(pulumi("stack", "init", "planted").status === 0, "no stack could be made");
        for (const [what, program, message] of planted) {
          writeFileSync(join(folder, "index.ts"), `${imports}\n${program}\n`);
          const up = pulumi("up", "--yes", "--stack", "planted");
          const output = `${up.stdout}${up.stderr}`;
          hold(up.status !== 0 && message.test(output), `${what}: exit ${up.status}: ${output.slice(-2000)}`);
          const left = Object.values(await leftovers(labId)).flat();
          hold(left.length === 0, `${what}: made ${left.join(", ")}`);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
      return `${planted.length} planted violations, none made anything`;
    },
  },
];

const imports = `import { Command } from "@pulumi/command/remote/command.js";
import { Network } from ${JSON.stringify(join(repository, "components/lab/sdk.ts"))};
void [Command, Network];`;

/** A project of its own beside this repository's, with the same provider and modules. */
function prepare(folder: string): void {
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "name": "planted", "type": "module", "main": "index.ts" }\n');
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: planted
main: index.ts
runtime:
  name: nodejs
  options: { typescript: false }
plugins:
  providers:
    - name: lab
      path: ${join(repository, "providers/lab")}
      version: 0.1.0
`,
  );
}

import { spawn } from "node:child_process";
import { join } from "node:path";
import { Complaint } from "../../../operator/complaint.ts";
import { downCommand, parseDown } from "../../../operator/down-plan.ts";
import { type Run, repository } from "../../support/stack.ts";
import type { EngineStack } from "../stack.ts";
import { must } from "../stack.ts";
import { hold, type World } from "../world.ts";
import type { Scenario } from "./scenario.ts";

/** The end of a stack, in two steps where its data is kept. */
export const end: readonly Scenario[] = [
  {
    name: "destroy-keep",
    shows: "destroy leaves the stores and the keys and nothing else; the second step takes them too",
    needs: "up",
    leaves: "nothing",
    async run(world) {
      const { stack } = world;
      const { resources } = await stack.state();
      const protectedIds = resources.filter(({ protect }) => protect === true).map(({ id }) => id ?? "");
      must(await stack.destroy(), "destroy");
      const left = world.standing;
      const lost = protectedIds.filter((id) => id !== "" && !left.some((standing) => standing.id === id));
      const strays = left.filter(({ id }) => !protectedIds.includes(id));
      if (world.subject.table !== undefined) hold(left.length > 0, "nothing is protected, though data is kept");
      hold(lost.length === 0, `destroy took what is protected: ${lost.join(", ")}`);
      hold(
        strays.length === 0,
        `destroy left what is not protected: ${strays.map(({ type, id }) => `${type} ${id}`).join(", ")}`,
      );

      const refused = await down(stack, ["--data"]);
      hold(refused.code !== 0 && world.standing.length === left.length, "down --data went on without a confirmation");
      must(await down(stack, ["--data", "--yes"]), "down --data --yes");
      await nothingLeft(world);
      return `${left.length} kept, then 0; ${world.images.length} images stay for rollback`;
    },
  },
  {
    name: "destroy",
    shows:
      "with the data in one step, destroy leaves nothing, in an order that the cloud accepts; again it does nothing",
    needs: "nothing",
    leaves: "nothing",
    async run(world) {
      // The guardrails refuse a stack whose data is not protected, so that what is shown is the deliberate way.
      await world.up();
      must(await world.stack.destroy("--ignore-protect"), "destroy");
      await nothingLeft(world);
      const again = must(await world.stack.destroy(), "destroy again");
      return `0 left, again in ${again.seconds.toFixed(1)} s`;
    },
  },
];

export async function nothingLeft(world: World): Promise<void> {
  const { resources } = await world.stack.state();
  hold(resources.length === 0, `the stack still has ${resources.map(({ urn }) => urn).join(", ")}`);
  const left = world.standing.map(({ type, id }) => `${type} ${id}`);
  hold(left.length === 0, `the cloud still has ${left.join(", ")}`);
}

/** `npm run down`, without the set-up before it. The sample is a project of its own: of it only the command is taken. */
async function down(stack: EngineStack, flags: readonly string[]): Promise<Run> {
  if (stack.project !== repository) {
    try {
      return await stack.destroy(
        ...downCommand(parseDown([stack.name, ...flags])).filter((arg) => arg === "--ignore-protect"),
      );
    } catch (error) {
      if (error instanceof Complaint) return { code: 1, output: error.message, seconds: 0 };
      throw error;
    }
  }
  const start = performance.now();
  const child = spawn(process.execPath, [join(repository, "operator/down.ts"), stack.name, ...flags], {
    env: stack.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => chunks.push(data.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code: code ?? 1, output: chunks.join(""), seconds: (performance.now() - start) / 1000 }),
    );
  });
}

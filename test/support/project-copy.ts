import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { repository } from "./stack.ts";

/**
 * A Pulumi project in a folder of its own that runs this repository's program. Stacks of it write their settings there, so that
 * nothing of the user's is touched and several can run at once. Its name, and so every URN, is that of the repository's project.
 */
export class ProjectCopy {
  readonly folder: string;

  /** @param before source text that runs before the program is loaded. */
  constructor(before = "") {
    this.folder = mkdtempSync(join(tmpdir(), "logos-project-"));
    symlinkSync(join(repository, "node_modules"), join(this.folder, "node_modules"));
    writeFileSync(join(this.folder, "package.json"), '{ "name": "logos", "type": "module", "main": "index.ts" }\n');
    writeFileSync(
      join(this.folder, "index.ts"),
      `${before}\nexport * from ${JSON.stringify(join(repository, "index.ts"))};\n`,
    );
    const project = parse(readFileSync(join(repository, "Pulumi.yaml"), "utf8"));
    for (const provider of project.plugins.providers) provider.path = join(repository, provider.path);
    // The environment says where a stack's state is kept; the user's home is never it.
    delete project.backend;
    writeFileSync(join(this.folder, "Pulumi.yaml"), stringify(project));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

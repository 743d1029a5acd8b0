import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { compileGo } from "./go.ts";
import type { Places } from "./places.ts";
import { nodeArchitecture } from "./platform.ts";
import type { Tool } from "./tool.ts";
import { versions } from "./versions.ts";

/** The Pulumi CLI with its Node.js language host beside it, where the CLI looks for one first. */
export function pulumiCli(places: Places): Tool {
  const releases = "https://get.pulumi.com/releases/sdk";
  const cli = join(places.root, "toolchain/modules/pulumi");
  const languageHost = join(places.root, "toolchain/modules/pulumi-language-nodejs");
  return {
    name: `Pulumi CLI ${versions.pulumi}`,
    directory: places.cli,
    programs: ["pulumi", "pulumi-language-nodejs"],
    official: {
      url: `${releases}/pulumi-v${versions.pulumi}-linux-${nodeArchitecture()}.tar.gz`,
      checksumsUrl: `${releases}/pulumi-${versions.pulumi}-checksums.txt`,
      folder: "pulumi",
    },
    sources: [cli, languageHost],
    compile: (into) => {
      compileGo({
        module: cli,
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        variables: { [versionVariable]: `v${versions.pulumi}` },
        output: join(into, "pulumi"),
      });
      compileGo({
        module: languageHost,
        package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
        variables: { [versionVariable]: `v${versions.languageHostFallback}` },
        output: join(into, "pulumi-language-nodejs-by-flag"),
      });
      copyFileSync(join(languageHost, "start.sh"), join(into, "pulumi-language-nodejs"));
    },
  };
}

const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

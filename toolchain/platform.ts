import { SetupError } from "./report.ts";

/** This machine's processor as Pulumi's CLI archives name it. Throws `SetupError` where the project cannot run. */
export function nodeArchitecture(): "x64" | "arm64" {
  const { platform, arch } = process;
  if (platform === "linux" && (arch === "x64" || arch === "arm64")) return arch;
  throw new SetupError(`This project runs on Linux, on x64 or arm64. This machine is ${platform} on ${arch}.`);
}

/** The same, as Go and Pulumi's plugin archives name it. */
export function goArchitecture(): "amd64" | "arm64" {
  return nodeArchitecture() === "x64" ? "amd64" : "arm64";
}

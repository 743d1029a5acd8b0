import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * libfaketime as Debian has it: a library that shows the process into which it is loaded another time. It is not installed.
 * @throws Error when Debian's archive cannot be reached
 */
export function fakedClock(): Buffer {
  const folder = join(import.meta.dirname, "../../../build/faketime");
  mkdirSync(folder, { recursive: true });
  const packages = () => readdirSync(folder).filter((name) => name.endsWith(".deb"));
  if (packages().length === 0)
    execFileSync("apt-get", ["download", "libfaketime"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  for (const name of packages()) execFileSync("dpkg-deb", ["--extract", name, "."], { cwd: folder });
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) =>
    name.endsWith("/libfaketimeMT.so.1"),
  );
  if (found === undefined) throw new Error(`no libfaketimeMT.so.1 in ${folder}`);
  return readFileSync(join(folder, found));
}

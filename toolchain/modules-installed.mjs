// Exits 0 when node_modules holds exactly what package-lock.json names, as after `npm ci` or a finished `npm install`.
// Plain JavaScript without dependencies: it runs before Node 24 is there.
import { existsSync, readFileSync } from "node:fs";

const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
// npm writes this file when an installation is complete, and leaves out what is optional and not for this platform.
const record = "node_modules/.package-lock.json";
if (!existsSync(record)) process.exit(1);

const { "": _root, ...locked } = packagesOf("package-lock.json");
const installed = packagesOf(record);
const same = (a, b) => a.version === b.version && a.integrity === b.integrity && a.link === b.link;
const complete = Object.entries(locked).every(([path, entry]) =>
  path in installed ? same(entry, installed[path]) : entry.optional === true,
);
const nothingElse = Object.keys(installed).every((path) => path in locked);
process.exit(complete && nothingElse ? 0 : 1);

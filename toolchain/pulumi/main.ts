import { unpreviewed } from "./arguments.ts";
import { becomeCli } from "./become.ts";

const args = process.argv.slice(2);
const refusal = unpreviewed(args, process.env);
if (refusal === undefined) becomeCli(args);
console.error(refusal);
process.exitCode = 2;

import { becomeCli } from "../../toolchain/pulumi/become.ts";

becomeCli(process.argv.slice(2));

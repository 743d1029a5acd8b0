/**
 * One process of a simulated provider: the engine starts it as `pulumi-resource-PACKAGE`, gives its own address, and reads the port
 * from standard output. LOGOS_SIMULATED_CLOUD names the file that holds the cloud.
 */
import { flushCompileCache } from "node:module";
import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { EngineLog } from "../../../providers/lab/engine.ts";
import { SimulatedCloud } from "./cloud.ts";
import { SimulatedCommand } from "./command.ts";
import type { SimulatedPackage } from "./package.ts";
import { SimulatedService } from "./service.ts";
import { CloudStore } from "./store.ts";
import type { CloudTable } from "./table.ts";
import { allTables, tableOf } from "./tables.ts";

const [packageName = "", engineAddress] = process.argv.slice(2);
const file = process.env.LOGOS_SIMULATED_CLOUD;
if (file === undefined) throw new Error("LOGOS_SIMULATED_CLOUD does not name the simulated cloud's file");

const store = new CloudStore(file);
const server = new grpc.Server({ "grpc.max_receive_message_length": 64 * 2 ** 20 });
const service = new SimulatedService(await simulated(packageName), store, new EngineLog(engineAddress));
server.addService(providerGrpc.ResourceProviderService, service.methods());
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(String(port));
  flushCompileCache();
});
endWithEngine();

async function simulated(name: string): Promise<SimulatedPackage> {
  if (name === "command") return new SimulatedCommand(store, await allTables());
  const table: CloudTable = await tableOf(name);
  return new SimulatedCloud(table, store);
}

/** A killed engine ends nobody; whoever finds itself adopted ends by itself, as the real providers do. */
function endWithEngine(): void {
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, 100).unref();
}

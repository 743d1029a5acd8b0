import { flushCompileCache } from "node:module";
import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { EngineLog } from "./engine.ts";
import { ProviderService } from "./service.ts";

/** Starts the provider: the engine gives its own address as the one argument and reads the port from standard output. */
const log = new EngineLog(process.argv[2]);
const server = new grpc.Server({ "grpc.max_receive_message_length": 64 * 2 ** 20 });
server.addService(providerGrpc.ResourceProviderService, new ProviderService(log).methods());
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    console.error(`The lab's provider cannot listen on 127.0.0.1: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  console.log(String(port));
  // The engine ends its providers without asking; what Node compiled for this start is kept for the next one now.
  flushCompileCache();
});

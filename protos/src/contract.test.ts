// The contract over a real grpc-js server, and its descriptors as others read them.

import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { credentials, Metadata, Server, ServerCredentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { AgentServiceClient, agentPb, agentService, descriptorSet } from "./index.ts";

describe("the contract", () => {
  it("carries a message there and back, with absent optional fields still absent", async () => {
    const server = new Server();
    server.addService(agentService, {
      invoke(
        call: { readonly request: agentPb.InvokeRequest },
        callback: (error: null, response: agentPb.InvokeResponse) => void,
      ) {
        const message = new agentPb.Message();
        message.setContent(
          `${call.request.hasSeed()} ${call.request.getTemperature()} ${call.request.getMessagesList().length}`,
        );
        const response = new agentPb.InvokeResponse();
        response.setMessage(message);
        callback(null, response);
      },
    });
    const port = await listen(server);
    const client = new AgentServiceClient(`127.0.0.1:${port}`, credentials.createInsecure());
    try {
      const request = new agentPb.InvokeRequest();
      request.setTemperature(0.5);
      request.addMessages(new agentPb.Message());
      const response = await new Promise<agentPb.InvokeResponse>((resolve, reject) => {
        client.invoke(request, new Metadata(), {}, (error, answer) => {
          if (answer === undefined) reject(error);
          else resolve(answer);
        });
      });
      expect(response.getMessage()?.getContent()).to.equal("false 0.5 1");
    } finally {
      client.close();
      server.forceShutdown();
    }
  });

  it("has a descriptor set that links, with error details for transcoders", () => {
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
    for (const method of Object.values(agentService)) {
      const [, service = "", name = ""] = method.path.split("/");
      const described = registry.getService(service)?.methods.find((m) => m.name === name);
      expect(described?.methodKind).to.be.oneOf(["unary", "server_streaming", "bidi_streaming"]);
    }
    expect(registry.getMessage("google.rpc.BadRequest")).to.not.equal(undefined);
    expect(registry.getExtension("smartcall.v1.rules")).to.not.equal(undefined);
  });
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}

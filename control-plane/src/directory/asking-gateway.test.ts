// What the directory says to who may not ask it, over a real connection.

import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { directoryPb, directoryService } from "@smartcall/protos";
import { expect } from "chai";
import type { Joining } from "../state/index.ts";
import { serveDirectory } from "./serve-directory.ts";

describe("the directory, to who may not ask", () => {
  it("says whether its proof is wrong or is only not looked at", async () => {
    let joining: Joining = { ok: false, code: "UNAUTHENTICATED", message: "Prove it." };
    const server = new Server();
    const joinedBy = () => joining;
    serveDirectory(server, { joinedBy, agents: () => [], document: () => "{}" });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = directoryService.listAgents;
    const answer = (): Promise<string> =>
      new Promise((resolve) => {
        const answered = (error: ServiceError | null): void =>
          resolve(error === null ? "answered" : `${status[error.code]}: ${error.details}`);
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          new directoryPb.ListAgentsRequest(),
          new Metadata(),
          answered,
        );
      });
    try {
      expect(await answer()).to.equal("UNAUTHENTICATED: Prove it.");
      joining = { ok: false, code: "RESOURCE_EXHAUSTED", message: "Too many." };
      expect(await answer()).to.equal("RESOURCE_EXHAUSTED: Too many.");
      const token = { id: "1", subject: "agent/echo", expires: new Date(8.64e15) };
      joining = { ok: true, proof: { kind: "agent", name: "echo", token } };
      expect(await answer()).to.match(/^PERMISSION_DENIED: .*for an agent/);
      joining = { ok: true, proof: { kind: "gateway", name: "g2", token } };
      expect(await answer()).to.equal("answered");
    } finally {
      client.close();
      server.forceShutdown();
    }
  });
});

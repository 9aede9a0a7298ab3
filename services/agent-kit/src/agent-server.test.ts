// How an agent's server tells its health and how it closes.

import { once } from "node:events";
import { Client, credentials, status } from "@grpc/grpc-js";
import { AgentServiceClient } from "@smartcall/protos";
import { expect } from "chai";
import { delta } from "./pieces.ts";
import { invoke, readAll, userSays } from "./testing/ask-wire.ts";
import { serveForTest } from "./testing/served-agent.ts";

describe("an agent's server", () => {
  it("tells its health by the standard protocol", async () => {
    const { server, close } = await serveForTest({
      name: "poet",
      async *stream() {
        yield delta("a");
      },
    });
    expect(await health(server.address)).to.equal("SERVING");
    server.setServing(false);
    expect(await health(server.address)).to.equal("NOT_SERVING");
    await close();
  });

  it("lets running calls end when it closes, and halts those that do not", async () => {
    const { client, server, end } = await serveForTest({
      name: "poet",
      async *stream(call) {
        yield delta("a");
        const ms = call.lastUserText === "soon" ? 50 : 60_000;
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, ms);
          call.signal.addEventListener("abort", () => {
            clearTimeout(timer);
            resolve(undefined);
          });
        });
      },
    });
    const soon = client.stream(userSays("soon"));
    const late = client.stream(userSays("late"));
    const told = Promise.all([readAll(soon), readAll(late)]);
    await Promise.all([once(soon, "data"), once(late, "data")]);
    end();
    await server.close(300);
    expect(await told).to.deep.equal([
      ['"a"', "done stop", "status OK"],
      ['"a"', "error UNAVAILABLE", "status OK"],
    ]);
    const after = new AgentServiceClient(server.address, credentials.createInsecure());
    const refused = await invoke(after, userSays("hello"));
    after.close();
    expect(refused).to.have.property("code", status.UNAVAILABLE);
  });
});

/** grpc.health.v1.Health/Check for the whole server; the answer's one field is an enum. */
function health(address: string): Promise<string> {
  const client = new Client(address, credentials.createInsecure());
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      "/grpc.health.v1.Health/Check",
      () => Buffer.alloc(0),
      (bytes: Buffer) => ["UNKNOWN", "SERVING", "NOT_SERVING"][bytes[1] ?? 0] ?? "UNKNOWN",
      "",
      (error, answered) => {
        client.close();
        if (answered === undefined) reject(error);
        else resolve(answered);
      },
    );
  });
}

// What the directory says to who asks it, over a real connection behind the door.

import { Client, credentials, Metadata, Server, type ServiceError, status } from "@grpc/grpc-js";
import { directoryPb, directoryService } from "@smartcall/protos";
import { steadyClock } from "@smartcall/runtime";
import { expect } from "chai";
import {
  createJoinedBy,
  type JoinedBy,
  type Joining,
  joinAudience,
  joinScope,
  joinSubject,
  loadSigningKeys,
  mintToken,
} from "../state/index.ts";
import { must, temporaryState } from "../state/temporary-state.test.ts";
import { createDoor, listenForNodes } from "../xds/index.ts";
import { freePort } from "../xds/running-envoy.test.ts";
import { serveDirectory } from "./serve-directory.ts";

describe("the directory", () => {
  let end: () => void;
  afterEach(() => end());

  /** What asks on one connection: its answer's code, with what is said of it. */
  const served = async (joinedBy: JoinedBy): Promise<(shown?: string) => Promise<string>> => {
    const server = new Server();
    const door = createDoor({ joinedBy, clock: steadyClock, openFiles: 1_024 });
    const options = { joinedBy: door.joinedBy, agents: () => [], document: () => "{}" };
    serveDirectory(server, options);
    const address = { host: "127.0.0.1", port: await freePort() };
    const listened = await listenForNodes(server, address, door);
    if (!listened.ok) throw new Error(listened.problem);
    const client = new Client(`127.0.0.1:${address.port}`, credentials.createInsecure());
    end = () => {
      client.close();
      listened.close();
      server.forceShutdown();
    };
    const { path, requestSerialize, responseDeserialize } = directoryService.listAgents;
    return (shown = "it") =>
      new Promise((resolve) => {
        const metadata = new Metadata();
        metadata.set("authorization", `Bearer ${shown}`);
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          new directoryPb.ListAgentsRequest(),
          metadata,
          (error: ServiceError | null) =>
            resolve(error === null ? "answered" : `${status[error.code]}: ${error.details}`),
        );
      });
  };

  it("says whether a proof is wrong or was only not looked at", async () => {
    let joining: Joining = { ok: false, code: "UNAUTHENTICATED", message: "Prove it." };
    const ask = await served(() => joining);
    expect(await ask()).to.equal("UNAUTHENTICATED: Prove it.");
    joining = { ok: false, code: "RESOURCE_EXHAUSTED", message: "Too many." };
    expect(await ask()).to.equal("RESOURCE_EXHAUSTED: Too many.");
    const token = { id: "1", subject: "agent/echo", expires: new Date(8.64e15) };
    joining = { ok: true, proof: { kind: "agent", name: "echo", token } };
    expect(await ask()).to.match(/^PERMISSION_DENIED: .*for an agent/);
    joining = { ok: true, proof: { kind: "owner" } };
    expect(await ask()).to.equal("answered");
  });

  it("answers a gateway of another machine for all its callers, by one connection", async () => {
    const own = await temporaryState();
    const keys = must(await loadSigningKeys(own.state, { now: new Date(), report: own.report }));
    await own.remove();
    const now = (): Date => new Date();
    const ask = await served(
      createJoinedBy({
        joinToken: "of-the-mesh",
        signingKeys: () => keys,
        mesh: () => "demo",
        now,
        isDenied: () => false,
      }),
    );
    const asked = {
      mesh: "demo",
      subject: joinSubject("gateway", "g2"),
      scopes: [joinScope],
      lifetimeMs: 60_000,
      audience: joinAudience,
    };
    const { token } = must(mintToken(keys, asked, now()));
    const answers = await Promise.all(Array.from({ length: 500 }, () => ask(token)));
    expect(new Set(answers)).to.deep.equal(new Set(["answered"]));
  }).timeout(20_000);
});

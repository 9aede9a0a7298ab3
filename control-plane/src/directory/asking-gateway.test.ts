// What the directory says to who asks it, over a real connection behind the door.

import { fromBinary } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Client, credentials, Metadata, Server, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorInfoSchema } from "@smartcall/envoy/api/google/rpc/error_details_pb.js";
import { StatusSchema } from "@smartcall/envoy/api/google/rpc/status_pb.js";
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
  const served = async (
    joinedBy: JoinedBy,
  ): Promise<(shown?: string, pageSize?: number) => Promise<string>> => {
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
    return (shown = "it", pageSize = 0) =>
      new Promise((resolve) => {
        const metadata = new Metadata();
        metadata.set("authorization", `Bearer ${shown}`);
        const request = new directoryPb.ListAgentsRequest();
        request.setPageSize(pageSize);
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          metadata,
          (error: ServiceError | null) =>
            resolve(error === null ? "answered" : `${status[error.code]}: ${told(error)}`),
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

  it("tells why it does not take a request as the edge tells of its own refusals", async () => {
    const ask = await served(() => ({ ok: true, proof: { kind: "owner" } }));
    expect(await ask("it", 501)).to.match(
      /^INVALID_ARGUMENT: pageSize .+\. \(INVALID_REQUEST, smartcall, client, no\)$/,
    );
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

/** What the error says, and its reason for programs, where it has one. */
function told({ details, metadata }: ServiceError): string {
  const [bytes] = metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(bytes)) return details;
  const stated = fromBinary(StatusSchema, bytes);
  const [first] = stated.details;
  const info = first && anyUnpack(first, ErrorInfoSchema);
  expect(stated.message).to.equal(details);
  return `${details} (${[info?.reason, info?.domain, ...Object.values(info?.metadata ?? {})].join(", ")})`;
}

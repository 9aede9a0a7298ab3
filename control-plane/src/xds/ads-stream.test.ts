import { EventEmitter } from "node:events";
import { create } from "@bufbuild/protobuf";
import {
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  type DiscoveryResponse,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { expect } from "chai";
import { typeUrls } from "../snapshot/snapshot.ts";
import { type AdsStream, serveStream } from "./ads-stream.ts";
import { viewFrom } from "./conversation.test.ts";
import { sotw } from "./dialect.ts";
import type { StreamEvent } from "./event.ts";
import { createLeftBehind } from "./left-behind.ts";
import { createRefusals } from "./refusals.ts";

const view = viewFrom({ cluster: { a: "1" }, listener: { l: "1" } });

/** The server's side of a call: what the client was told, and what it says. */
class ScriptedCall extends EventEmitter {
  readonly told: DiscoveryResponse[] = [];

  write(response: DiscoveryResponse): boolean {
    this.told.push(response);
    return true;
  }

  say(line: Partial<Pick<DiscoveryRequest, "responseNonce" | "typeUrl">>): void {
    const request = { node: { id: "n" }, typeUrl: typeUrls.cluster, ...line };
    this.emit("data", create(DiscoveryRequestSchema, request));
  }

  end(): this {
    return this;
  }
}

/** A client that answers each response before it is even written. */
class HastyClient extends ScriptedCall {
  override write(response: DiscoveryResponse): boolean {
    super.write(response);
    this.say({ responseNonce: response.nonce });
    return true;
  }
}

/** A client that reads nothing until `read`: what it is told fills what may wait for it. */
class SlowClient extends ScriptedCall {
  override write(response: DiscoveryResponse): boolean {
    super.write(response);
    return false;
  }

  read(): void {
    this.emit("drain");
  }
}

function serve(client: ScriptedCall, observe: (event: StreamEvent) => void): AdsStream {
  return serveStream(client, sotw, {
    id: "s",
    controlPlane: "cp-1",
    proof: { kind: "owner" },
    viewFor: () => view,
    refusal: () => undefined,
    reason: () => "test",
    refusals: createRefusals(),
    leftBehind: createLeftBehind(),
    now: () => 0,
    observe,
    moved: () => undefined,
    ended: () => undefined,
  });
}

describe("a stream", () => {
  it("A04 knows what it sent before it writes it, so that no answer is too early", () => {
    const client = new HastyClient();
    const events: StreamEvent[] = [];
    const stream = serve(client, (event) => events.push(event));
    client.say({});
    expect(events.map(({ kind }) => kind)).to.include("acked");
    expect(stream.state().types.cluster.inFlight).to.equal(undefined);
    expect(client.told).to.have.length(1);
  });

  it("A66 says which control plane answers, in the state of the world as well", () => {
    const client = new HastyClient();
    serve(client, () => undefined);
    client.say({});
    expect(client.told.map(({ controlPlane }) => controlPlane?.identifier)).to.deep.equal(["cp-1"]);
  });

  it("A81 writes nothing more to a client that reads nothing, whatever it asks, until it has read", () => {
    const client = new SlowClient();
    const stream = serve(client, () => undefined);
    const types = () => client.told.map(({ typeUrl }) => typeUrl);
    client.say({});
    client.say({ typeUrl: typeUrls.listener });
    stream.push();
    expect(types()).to.deep.equal([typeUrls.cluster]);
    client.read();
    expect(types()).to.deep.equal([typeUrls.cluster, typeUrls.listener]);
  });
});

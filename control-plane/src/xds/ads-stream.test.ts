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

const view = viewFrom({ cluster: { a: "1" } });

/** A client that answers each response before it is even written. */
class HastyClient extends EventEmitter {
  readonly told: DiscoveryResponse[] = [];

  write(response: DiscoveryResponse): boolean {
    this.told.push(response);
    this.say({ responseNonce: response.nonce });
    return true;
  }

  say(line: Partial<Pick<DiscoveryRequest, "responseNonce">>): void {
    const request = { node: { id: "n" }, typeUrl: typeUrls.cluster, ...line };
    this.emit("data", create(DiscoveryRequestSchema, request));
  }

  end(): this {
    return this;
  }
}

describe("a stream", () => {
  it("A04 knows what it sent before it writes it, so that no answer is too early", () => {
    const client = new HastyClient();
    const events: StreamEvent[] = [];
    const stream: AdsStream = serveStream(client, sotw, {
      id: "s",
      controlPlane: "test",
      proof: { kind: "owner" },
      viewFor: () => view,
      refusal: () => undefined,
      reason: () => "test",
      refusals: createRefusals(),
      leftBehind: createLeftBehind(),
      now: () => 0,
      observe: (event) => events.push(event),
      moved: () => undefined,
      ended: () => undefined,
    });
    client.say({});
    expect(events.map(({ kind }) => kind)).to.include("acked");
    expect(stream.state().types.cluster.inFlight).to.equal(undefined);
    expect(client.told).to.have.length(1);
  });
});

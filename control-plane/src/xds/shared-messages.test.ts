import { create, equals, fromBinary } from "@bufbuild/protobuf";
import { DeltaDiscoveryResponseSchema } from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { expect } from "chai";
import type { Resource } from "../snapshot/snapshot.ts";
import { serialiseDelta, sharedMessages } from "./shared-messages.ts";

const resource = (name: string, version: string): Resource => ({
  name,
  version,
  body: Buffer.from(`${name}@${version}`),
});

describe("what many nodes are told", () => {
  const a = resource("a", "1");
  const b = resource("b", "1");

  it("A84 is made once for all that are told the same", () => {
    const one = sharedMessages("cluster", [a, b]);
    expect(sharedMessages("cluster", [a, b])).to.equal(one);
    expect(sharedMessages("cluster", [b, a])).to.not.equal(one);
    expect(sharedMessages("cluster", [a, b])).to.equal(one);
    expect(sharedMessages("endpoint", [a, b])).to.not.equal(one);
    expect(sharedMessages("cluster", [a, resource("b", "2")])).to.not.equal(one);
  });

  it("A84 is serialised once, and each node's response is whole", () => {
    const said = (nonce: string, removedResources: readonly string[]) => {
      const message = create(DeltaDiscoveryResponseSchema, {
        nonce,
        typeUrl: "type",
        systemVersionInfo: "v",
        controlPlane: { identifier: "us" },
        removedResources: [...removedResources],
      });
      message.resources = sharedMessages("cluster", [a, b]);
      return message;
    };
    const many = Array.from({ length: 200 }, (_, index) => `gone-${index}`);
    for (const message of [said("1", []), said("2", ["gone"]), said("3", many), said("4", [])]) {
      const read = fromBinary(DeltaDiscoveryResponseSchema, serialiseDelta(message));
      expect(equals(DeltaDiscoveryResponseSchema, read, message)).to.equal(true);
    }
    const [one, other] = [said("1", []), said("2", [])].map(serialiseDelta);
    expect(other?.buffer, "the same bytes").to.equal(one?.buffer);
    expect(other?.byteOffset).to.equal(one?.byteOffset);
  });
});

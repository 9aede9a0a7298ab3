// Which node a proof is for.

import { status } from "@grpc/grpc-js";
import { expect } from "chai";
import type { NodeProof } from "../state/index.ts";
import { notItself } from "./admission.ts";

describe("a node", () => {
  const token = { id: "t", subject: "s", expires: new Date(0) };
  const is = (proof: NodeProof, cluster: string, id: string): boolean => {
    const refused = notItself(proof, { cluster, id, version: "" });
    if (refused !== undefined) expect(refused.code).to.equal(status.PERMISSION_DENIED);
    return refused === undefined;
  };

  it("is any by the mesh's own token", () => {
    expect(is({ kind: "owner" }, "gateway", "edge")).to.equal(true);
    expect(is({ kind: "owner" }, "agent/echo", "echo/1")).to.equal(true);
  });

  it("is that gateway alone which its token is for", () => {
    const proof = { kind: "gateway", name: "g2", token } as const;
    expect(is(proof, "gateway", "g2")).to.equal(true);
    for (const [cluster, id] of [
      ["gateway", "edge"],
      ["gateway", "g22"],
      ["", "g2"],
      ["agent/g2", "g2/1"],
      ["agent/echo", "echo/1"],
    ] as const) {
      expect(is(proof, cluster, id), `${cluster} ${id}`).to.equal(false);
    }
  });

  it("is an instance of that agent alone which its token is for", () => {
    const proof = { kind: "agent", name: "echo", token } as const;
    expect(is(proof, "agent/echo", "echo/1")).to.equal(true);
    for (const [cluster, id] of [
      ["gateway", "echo"],
      ["gateway", "echo/1"],
      ["agent/echo", "echo"],
      ["agent/echo", "assistant/1"],
      ["agent/echo", "echo2/1"],
      ["agent/assistant", "echo/1"],
      ["", "echo/1"],
    ] as const) {
      expect(is(proof, cluster, id), `${cluster} ${id}`).to.equal(false);
    }
  });

  it("is no gRPC client without a proxy, which is told of every agent, by a token for one node", () => {
    const client = { cluster: "agent/echo", id: "echo/1", version: "", proxyless: true } as const;
    const refused = notItself({ kind: "agent", name: "echo", token }, client);
    expect(refused?.code).to.equal(status.PERMISSION_DENIED);
    expect(refused?.message).to.match(/on the control plane's machine only/);
    const gateway = { ...client, cluster: "gateway", id: "g2" };
    expect(notItself({ kind: "gateway", name: "g2", token }, gateway)).to.not.equal(undefined);
    expect(notItself({ kind: "owner" }, client)).to.equal(undefined);
  });
});

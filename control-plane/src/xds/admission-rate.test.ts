// How many streams may open, and how fast.

import { Metadata, status } from "@grpc/grpc-js";
import { expect } from "chai";
import { createAdmission } from "./admission.ts";

describe("streams that open", () => {
  it("A82 are 1,000 at once, and 100 a second from then on", () => {
    let now = 0;
    const admission = createAdmission({
      connectRate: undefined,
      mostStreams: undefined,
      now: () => now,
    });
    const admitted = (): number => {
      const owner = { ok: true, proof: { kind: "owner" } } as const;
      const tried = Array.from({ length: 2_000 }, () => admission(() => owner, new Metadata()));
      const refused = tried.flatMap((each) => (each.ok ? [] : [each.code]));
      expect(new Set(refused)).to.deep.equal(new Set([status.RESOURCE_EXHAUSTED]));
      return tried.length - refused.length;
    };
    expect(admitted()).to.equal(1_000);
    now = 1_000;
    expect(admitted()).to.equal(100);
  });
});

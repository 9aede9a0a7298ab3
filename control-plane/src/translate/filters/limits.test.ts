import { fromBinary } from "@bufbuild/protobuf";
import { LocalRateLimitSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit_pb.js";
import { expect } from "chai";
import type { Limit } from "../../model/limit.ts";
import { limitFilters, whole } from "./limits.ts";
import { withLimits, withLimitsOn } from "./limits-per-route.ts";

type Requests = Extract<Limit, { kind: "requests" }>;

function limit(requests: number, per: Requests["per"], by: Requests["by"]): Limit {
  const name = `writing:${requests}/${per}/${by.kind}`;
  return {
    kind: "requests",
    name,
    requests,
    per,
    by,
    origin: { file: "mesh.yaml", line: 1, column: 1 },
  };
}

function described(...limits: readonly Limit[]): Readonly<Record<string, unknown>> {
  return withLimits({ filterMetadata: { smartcall: {} } }, { limits }).filterMetadata ?? {};
}

const subject = { kind: "subject" } as const;

describe("the limits of a route", () => {
  it("are told by their places, those of a second first", () => {
    const { answer, limits } = described(
      limit(60, "minute", { kind: "claim", claim: "team" }),
      limit(5, "second", { kind: "address" }),
      limit(7, "minute", { kind: "route" }),
    );
    expect(limits).to.deep.equal({
      1: {
        "second-address": "writing:5/second/address",
        name: "writing:5/second/address",
        cost: 200_000_000,
      },
      2: {
        minute: "writing:60/minute/claim",
        name: "writing:60/minute/claim",
        cost: 16_666_666,
        claim: "team",
      },
      3: {
        minute: "writing:7/minute/route",
        name: "writing:7/minute/route",
        cost: 142_857_142,
      },
    });
    expect(answer).to.deep.equal({
      limits: [
        "5 200000000 1 writing:5/second/address",
        "60 16666666 60 writing:60/minute/claim",
        "7 142857142 60 writing:7/minute/route",
      ].join("\n"),
    });
  });

  it("count callers by a header where they are told apart by their subject alone", () => {
    const { limits } = described(limit(60, "minute", subject));
    expect(limits).to.have.nested.property("1.minute-subject", "writing:60/minute/subject");
    expect(limits).to.not.have.nested.property("1.claim");
  });

  it("are nothing where only the quota service counts", () => {
    const concurrent = {
      kind: "concurrent",
      name: "writing:4/at-once/subject",
      calls: 4,
      by: subject,
      origin: { file: "mesh.yaml", line: 1, column: 1 },
    } as const;
    expect(described(concurrent, limit(9, "hour", subject))).to.deep.equal({ smartcall: {} });
    const route = { name: "a" };
    expect(withLimitsOn([{ limits: [concurrent] }, {}])(route)).to.equal(route);
  });

  it("fill the bucket with as many calls as they say, and no more", () => {
    for (let requests = 1; requests <= 30_000; requests++) {
      const { limits } = described(limit(requests, "minute", subject));
      const cost: unknown = Object.values(Object(limits))[0];
      const { cost: parts } = Object(cost);
      if (requests * parts > whole || (requests + 1) * parts <= whole) {
        expect.fail(`${requests} calls of ${parts} parts`);
      }
    }
  });

  it("switch on as many filters as one of them needs, on each route of the agent", () => {
    const on = withLimitsOn([
      { limits: [limit(1, "minute", subject), limit(1, "second", subject)] },
      {},
    ]);
    const { typedPerFilterConfig } = on({ name: "a" });
    expect(Object.keys(typedPerFilterConfig ?? {})).to.deep.equal(["limits-1", "limits-2"]);
  });
});

describe("the filters that count", () => {
  it("have a bucket for every kind of limit, and one for callers without the claim", () => {
    for (const { config } of limitFilters()) {
      const { descriptors, rateLimits, tokenBucket } = fromBinary(
        LocalRateLimitSchema,
        config.value,
      );
      const keys = descriptors.map(({ entries }) => entries.map(({ key }) => key));
      for (const kind of [
        "second",
        "second-address",
        "second-subject",
        "minute",
        "minute-address",
        "minute-subject",
      ]) {
        expect(keys).to.deep.include([kind]);
        expect(keys).to.deep.include([kind, "masked_remote_address"]);
      }
      expect(rateLimits).to.have.length(6);
      expect(tokenBucket, "calls without a limit").to.equal(undefined);
    }
  });
});

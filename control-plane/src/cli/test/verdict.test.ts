import { expect } from "chai";
import type { Caller, Expectation } from "../../config/index.ts";
import type { Route } from "../../model/mesh.ts";
import { type CaseOutcome, outcomeOf } from "./outcome.ts";
import { verdict } from "./verdict.ts";

const at = { file: "mesh.test.yaml", line: 3, column: 1 };
const route: Route = {
  name: "writing",
  match: { agent: "writer", headers: {}, claims: {} },
  to: [
    { agent: "writer", weight: 95 },
    { agent: "writer-next", weight: 5 },
    { agent: "writer-old", weight: 0 },
  ],
  allow: { kind: "callers", scopes: [] },
  timeoutMs: 1000,
  origin: { file: "mesh.yaml", line: 7, column: 5 },
};
const ann: Caller = { subject: "ann", scopes: [], claims: { team: "red" } };

function answered(by: readonly string[], name?: string): Expectation {
  return { kind: "answered", by, route: name, at };
}

function refused(status: number, reason?: string, name?: string): Expectation {
  return { kind: "refused", status, reason, route: name, at };
}

function judged(expected: Expectation, outcome: CaseOutcome, caller?: Caller): string | undefined {
  return verdict({ caller, expect: expected }, outcome)?.got;
}

describe("the verdict on a case", () => {
  const came: CaseOutcome = { kind: "answered", by: "writer", route };

  it("is good where one of the expected agents answered, by the expected route", () => {
    expect(judged(answered(["writer", "writer-next"]), came)).to.equal(undefined);
    expect(judged(answered(["writer", "writer-next"], "writing"), came)).to.equal(undefined);
    expect(judged(answered(["writer", "writer-next"], "gold"), came)).to.equal(
      "an answer from writer, by the route writing",
    );
    expect(judged(answered(["echo"]), came)).to.equal(
      "an answer from writer, by the route writing",
    );
  });

  it("is not good where chance decided it", () => {
    const chance =
      "an answer by chance, from writer (95 %) or writer-next (5 %), by the route writing";
    expect(judged(answered(["writer"]), came)).to.equal(chance);
    expect(judged(answered(["writer"]), { ...came, by: "writer-next" })).to.equal(chance);
  });

  it("is good where the route is sticky and the caller has the claim", () => {
    const sticky = (claim: string): CaseOutcome => ({
      ...came,
      route: { ...route, sticky: claim },
    });
    expect(judged(answered(["writer"]), sticky("sub"), ann)).to.equal(undefined);
    expect(judged(answered(["writer"]), sticky("team"), ann)).to.equal(undefined);
    expect(judged(answered(["writer"]), sticky("org"), ann)).to.include("by chance");
    expect(judged(answered(["writer"]), sticky("sub"))).to.include("by chance");
  });

  it("compares status, reason and route of a refusal, as far as the case says them", () => {
    const no: CaseOutcome = {
      kind: "refused",
      status: 403,
      reason: "SCOPE_MISSING",
      message: "No.",
      route,
    };
    for (const good of [refused(403), refused(403, "SCOPE_MISSING", "writing")]) {
      expect(judged(good, no)).to.equal(undefined);
    }
    for (const bad of [refused(401), refused(403, "NO_ROUTE"), refused(403, undefined, "gold")]) {
      expect(judged(bad, no)).to.equal(
        "a refusal with 403 SCOPE_MISSING, by the route writing: No.",
      );
    }
    expect(judged(refused(403), came)).to.include("an answer from writer");
    expect(judged(answered(["writer"]), { kind: "broken", problem: "it broke" })).to.equal(
      "no answer: it broke",
    );
  });
});

describe("the outcome of a call", () => {
  const mesh = {
    name: "demo",
    gateway: {
      https: { address: "", port: 1, certificate: { certificateChain: "", privateKey: "" } },
      origin: at,
    },
    issuers: [{ name: "", audiences: [], keys: "" }],
    agents: [],
    routes: [route, { ...route, name: "no-route" }],
  };
  const no = { kind: "refused", requestId: "1", status: 403, message: "" } as const;

  it("names the route that Envoy says took it", () => {
    const outcome = outcomeOf({ kind: "answered", requestId: "1", by: "writer" }, "writing", mesh);
    expect(outcome).to.deep.equal({ kind: "answered", by: "writer", route });
  });

  it("tells the gateway's own refusals from those of a route of the same name", () => {
    const own = outcomeOf({ ...no, reason: "NO_ROUTE" }, "no-route", mesh);
    expect(own).to.have.property("route", undefined);
    const ofRoute = outcomeOf({ ...no, reason: "SCOPE_MISSING" }, "no-route", mesh);
    expect(ofRoute).to.have.nested.property("route.name", "no-route");
  });

  it("blames no route for a call without a good token, which came to none", () => {
    const reason = "TOKEN_NOT_ACCEPTED";
    const outcome = outcomeOf({ ...no, status: 401, reason }, "writing", mesh);
    expect(outcome).to.have.property("route", undefined);
  });

  it("is broken where an answer is not in Envoy's log", () => {
    const outcome = outcomeOf({ kind: "answered", requestId: "1", by: "writer" }, undefined, mesh);
    expect(outcome.kind).to.equal("broken");
  });
});

import { expect } from "chai";
import { callPathsOf, fitsPath, pathKindOf } from "./call-paths.ts";

describe("the paths of calls", () => {
  const fitting = (pattern: string): readonly string[] =>
    callPathsOf("writer")
      .filter(({ path }) => fitsPath(pattern, path))
      .map(({ door, method }) => `${door} ${method}`);

  it("are those of both doors", () => {
    expect(fitting("/*")).to.have.length(5);
    expect(fitting("/v1/*")).to.deep.equal(["rest invoke", "rest stream"]);
    expect(fitting("/smartcall.v1.AgentService/*")).to.deep.equal([
      "grpc Invoke",
      "grpc Stream",
      "grpc Converse",
    ]);
  });

  it("are fitted exactly, by prefix, and by pattern", () => {
    expect(fitting("/v1/agents/writer:stream")).to.deep.equal(["rest stream"]);
    expect(fitting("/v1/agents/writer:s*")).to.deep.equal(["rest stream"]);
    expect(fitting("/v1/agents/*:stream")).to.deep.equal(["rest stream"]);
    expect(fitting("/smartcall.v1.*/S*")).to.deep.equal(["grpc Stream"]);
    expect(["/a", "/a*", "/a*b", "/*/a*"].map(pathKindOf)).to.deep.equal([
      "exact",
      "prefix",
      "pattern",
      "pattern",
    ]);
  });

  it("are not fitted by what is only alike", () => {
    for (const pattern of [
      "/v1/agents/writer",
      "/v1/agents/Writer:*",
      "/v1/*:stream",
      "/smartcallXv1.AgentService/*",
      "/v1/agents/(writer|x):*",
    ]) {
      expect(fitting(pattern), pattern).to.deep.equal([]);
    }
  });
});

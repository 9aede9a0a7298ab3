import { fromBinary } from "@bufbuild/protobuf";
import { HeaderMutationSchema } from "@smartcall/envoy/api/envoy/extensions/http/early_header_mutation/header_mutation/v3/header_mutation_pb.js";
import { expect } from "chai";
import { clientHeaders } from "./headers.ts";

describe("what a client may not say", () => {
  const { mutations } = fromBinary(
    HeaderMutationSchema,
    clientHeaders.typedConfig?.value ?? new Uint8Array(),
  );
  const removed = (name: string): boolean =>
    mutations.some(({ action }) => {
      if (action.case === "remove") return action.value === name;
      const pattern =
        action.case === "removeOnMatch" ? action.value.keyMatcher?.matchPattern : undefined;
      if (pattern?.case === "prefix") return name.startsWith(pattern.value);
      return pattern?.case === "safeRegex" && new RegExp(`^(?:${pattern.value.regex})$`).test(name);
    });

  it("is everything under the mesh's name but which agent and which model it calls", () => {
    for (const word of ["agent", "model"]) {
      expect(removed(`smartcall-${word}`), word).to.equal(false);
    }
    const others = ["", "a", "agen", "agents", "agent-x", "agenT", "grant", "xagent", "m", "ael"];
    for (const rest of [...others, "mode", "models", "sticky-sub", "agent-model", "mogent"]) {
      expect(removed(`smartcall-${rest}`), rest).to.equal(true);
    }
  });

  it("is what steers Envoy, and the request's id", () => {
    expect(removed("x-envoy-original-path")).to.equal(true);
    expect(removed("x-envoy-upstream-rq-timeout-ms")).to.equal(true);
    expect(removed("x-request-id")).to.equal(true);
  });

  it("is nothing else", () => {
    for (const name of ["authorization", "grpc-timeout", "traceparent", "x-smartcall-agent"]) {
      expect(removed(name), name).to.equal(false);
    }
  });
});

// Streams by gRPC, many at once.
import { k6Scenario } from "./k6-scenario.ts";

export const grpcStreams = k6Scenario({
  shows: "Streams by gRPC: whole, at once, at the agent's pace.",
  script: "grpc-streams.ts",
  seconds: 30,
  agents: ["ticker"],
  told: ["first_event_by_grpc", "time_of_a_token_by_grpc"],
  done: (seconds) =>
    `20 streams a second for ${seconds} seconds, each of 50 tokens, one every 20 ms.`,
});

// Conversations by WebSocket.
import { k6Scenario } from "./k6-scenario.ts";

export const websocket = k6Scenario({
  shows: "Conversations by WebSocket: every turn whole, at once, at the agent's pace.",
  script: "websocket.ts",
  seconds: 30,
  agents: ["ticker"],
  told: ["first_event_by_websocket", "time_of_a_token_by_websocket"],
  done: (seconds) =>
    `10 sockets a second for ${seconds} seconds, on each five turns of 20 tokens, one every 20 ms.`,
});

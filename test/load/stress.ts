// Stress: to saturation and back.
import { k6Scenario } from "./k6-scenario.ts";

export const stress = k6Scenario({
  shows:
    "To saturation and back: what is too much is 503 with retry-after, answers go on, and it recovers by itself.",
  script: "stress.ts",
  seconds: 60,
  agents: ["worker"],
  said: { worker: "{ concurrency: 10 }" },
  told: ["http_req_duration"],
  done: () =>
    "An agent with 10 places that works 100 ms for an answer, so 100 calls a second: asked 25 times a second, up to 400 times, held there, and back. Then 300 callers at once without a pause at the echo agent, more than the processors can take, and 50 calls a second after it.",
});

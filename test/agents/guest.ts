// A test's agent with methods of its own, which says what it is told.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Agent, delta, isMain, jsonService, serveAgent } from "@smartcall/agent-kit";
import { root } from "../checks/repository.ts";

/** What its own method answers, in JSON. */
export const forecast = { sky: "clear", degrees: 21.5 };

if (isMain(import.meta.url)) {
  const guest: Agent = {
    name: "weather",
    services: [
      jsonService({
        service: "acme.weather.v1.Weather",
        descriptors: readFileSync(join(root, "test", "agents", "weather", "weather.binpb")),
        handlers: {
          Forecast: async () => forecast,
          async *Watch() {
            yield forecast;
          },
        },
      }),
    ],
    async *stream(call) {
      yield delta(call.lastUserText);
    },
  };
  serveAgent(guest);
}

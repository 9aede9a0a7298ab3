// Reads the answers of another agent's own methods to their end.

import type { Client } from "@grpc/grpc-js";
import type { Clock } from "@smartcall/runtime";
import { opened } from "./on-the-wire.ts";
import type { OwnOutboundCall } from "./outbound.ts";
import { streamFailure } from "./peer-failure.ts";
import { brokenBy } from "./read-pieces.ts";

/** One request, many answers. */
export async function* streamOwn<Request, Response>(
  client: Client,
  call: OwnOutboundCall<Request, Response>,
  clock: Clock,
): AsyncGenerator<Response, void, void> {
  const { answers, close } = opened(client, call);
  const each: AsyncIterator<Response> = answers[Symbol.asyncIterator]();
  try {
    for (let count = 0; ; count++) {
      const step = await each.next().catch((thrown: unknown) => {
        throw streamFailure({ events: count, thrown, broken: brokenBy(call.agent) }, call, clock);
      });
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    close();
  }
}

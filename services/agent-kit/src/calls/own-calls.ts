// Calls methods of another agent's own through the sidecar.

import type { CallOptions, Client, Metadata } from "@grpc/grpc-js";
import type { Clock } from "@smartcall/runtime";
import { agentError } from "../agent-error.ts";
import { metadataOf } from "./onward.ts";
import type { OwnOutboundCall } from "./outbound.ts";
import { failureOf, leftOf, streamFailure } from "./peer-failure.ts";
import { brokenBy } from "./read-pieces.ts";

/** One request, one answer. */
export async function invokeOwn<Request, Response>(
  client: Client,
  call: OwnOutboundCall<Request, Response>,
  clock: Clock,
): Promise<Response> {
  if (call.signal.aborted) throw leftOf(call.signal);
  const { method, request } = call;
  return await new Promise<Response>((resolve, reject) => {
    const { metadata, options } = endsOf(call);
    const cancel = (): void => running.cancel();
    const running = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      options,
      (error, response) => {
        call.signal.removeEventListener("abort", cancel);
        if (error !== null) reject(failureOf(error, call, clock));
        else if (response === undefined) reject(agentError("INTERNAL", noAnswer(call.agent)));
        else resolve(response);
      },
    );
    call.signal.addEventListener("abort", cancel, { once: true });
  });
}

/** One request, many answers. */
export async function* streamOwn<Request, Response>(
  client: Client,
  call: OwnOutboundCall<Request, Response>,
  clock: Clock,
): AsyncGenerator<Response, void, void> {
  if (call.signal.aborted) throw leftOf(call.signal);
  const { method, request } = call;
  const { metadata, options } = endsOf(call);
  const running = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadata,
    options,
  );
  // One that is cancelled once nobody reads it any more says so as well.
  running.on("error", () => undefined);
  const cancel = (): void => running.cancel();
  call.signal.addEventListener("abort", cancel, { once: true });
  const answers: AsyncIterator<Response> = running[Symbol.asyncIterator]();
  try {
    for (let count = 0; ; count++) {
      const step = await answers.next().catch((thrown: unknown) => {
        throw streamFailure({ events: count, thrown, broken: brokenBy(call.agent) }, call, clock);
      });
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    call.signal.removeEventListener("abort", cancel);
    // Of no effect on a stream that has ended.
    running.cancel();
  }
}

function noAnswer(agent: string): string {
  return `the answer of ${agent} is none that its method can give`;
}

function endsOf<Request, Response>({
  agent,
  caller,
  deadline,
}: OwnOutboundCall<Request, Response>): {
  readonly metadata: Metadata;
  readonly options: CallOptions;
} {
  const { onward = [], requestId, traceId } = caller;
  const metadata = metadataOf({ agent, model: "", requestId, traceId, onward });
  return { metadata, options: deadline === undefined ? {} : { deadline } };
}

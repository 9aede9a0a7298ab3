// One call to another agent by gRPC: it takes along what it is a part of, and ends with it.

import type { Client, ClientReadableStream } from "@grpc/grpc-js";
import type { Clock } from "@smartcall/runtime";
import { metadataOf } from "./onward.ts";
import type { OutboundLeg, OwnOutboundCall } from "./outbound.ts";
import { failureOf, leftOf, noAnswer } from "./peer-failure.ts";

/**
 * One request, one answer. Rejects with an AgentError.
 *
 * @param model which of the agent's is asked for; "" for any
 */
export async function unary<Request, Response>(
  client: Client,
  call: OwnOutboundCall<Request, Response>,
  clock: Clock,
  model = "",
): Promise<Response> {
  if (call.signal.aborted) throw leftOf(call.signal);
  const { method, request } = call;
  const { metadata, options } = endsOf(call, model);
  return await new Promise<Response>((resolve, reject) => {
    const running = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      options,
      (error, response) => {
        unbind();
        if (error !== null) reject(failureOf(error, call, clock));
        else if (response === undefined) reject(noAnswer(call));
        else resolve(response);
      },
    );
    const unbind = bind(call.signal, running);
  });
}

/** A stream of answers that has begun. */
export interface Opened<Response> {
  /** Throws what grpc-js does: see `streamFailure`. */
  readonly answers: ClientReadableStream<Response>;
  /** To be called once nobody reads it any more. */
  close(): void;
}

/**
 * One request, many answers. Throws an AgentError where the call has ended already.
 *
 * @param model which of the agent's is asked for; "" for any
 */
export function opened<Request, Response>(
  client: Client,
  call: OwnOutboundCall<Request, Response>,
  model = "",
): Opened<Response> {
  if (call.signal.aborted) throw leftOf(call.signal);
  const { method, request } = call;
  const { metadata, options } = endsOf(call, model);
  const answers = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    request,
    metadata,
    options,
  );
  // One that is cancelled once nobody reads it any more says so as well.
  answers.on("error", () => undefined);
  const unbind = bind(call.signal, answers);
  return {
    answers,
    close() {
      unbind();
      // Of no effect on a stream that has ended.
      answers.cancel();
    },
  };
}

/** Cancels the call when the signal aborts, until it is unbound. */
function bind(signal: AbortSignal, running: { cancel(): void }): () => void {
  const cancel = (): void => running.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  return () => signal.removeEventListener("abort", cancel);
}

function endsOf({ agent, caller, deadline }: OutboundLeg, model: string) {
  const { onward = [], requestId, traceId } = caller;
  const metadata = metadataOf({ agent, model, requestId, traceId, onward });
  return { metadata, options: deadline === undefined ? {} : { deadline } };
}

// Hears from the control plane what callers may use, and goes on asking while it is not there.

import { type ClientReadableStream, credentials, Metadata, status } from "@grpc/grpc-js";
import { QuotaPolicyServiceClient, type quotaPb } from "@smartcall/protos";
import type { Clock } from "@smartcall/runtime";

/** Between the end of a stream and the next try, in milliseconds. */
const retryMs = 250;

/** What watching needs. */
export interface WatchOptions {
  /** Of the control plane, such as `127.0.0.1:18000`. */
  readonly controlPlane: string;
  /** Read anew for each try; undefined where there is none yet. A secret. */
  readonly joinToken: () => string | undefined;
  readonly clock: Clock;
  readonly heard: (policies: quotaPb.QuotaPolicies) => void;
  /** What hinders it, once. */
  readonly hindered: (problem: string) => void;
}

/** Watches until the function returned is called. */
export function watchPolicies(options: WatchOptions): () => void {
  const { clock } = options;
  const client = new QuotaPolicyServiceClient(
    options.controlPlane,
    credentials.createInsecure(),
    // One that hangs is noticed, and one that is back is found soon.
    {
      "grpc.keepalive_time_ms": 10_000,
      "grpc.keepalive_timeout_ms": 5_000,
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 500,
      "grpc.max_receive_message_length": 32 * 1024 * 1024,
    },
  );
  let stream: ClientReadableStream<quotaPb.QuotaPolicies> | undefined;
  let hindrance = "";
  let over = false;
  let disarm = (): void => undefined;
  const hindered = (problem: string): void => {
    if (problem !== hindrance) options.hindered(problem);
    hindrance = problem;
  };
  const open = (): void => {
    const token = options.joinToken();
    if (token === undefined) {
      hindered("there is no join token in the state folder yet");
      disarm = clock.after(retryMs, open);
      return;
    }
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${token}`);
    stream = client.watchPolicies(metadata);
    stream.on("data", (policies: quotaPb.QuotaPolicies) => {
      hindrance = "";
      options.heard(policies);
    });
    // Every end of a grpc-js client stream, a failed one too, comes as `status`.
    stream.on("error", () => undefined);
    stream.on("status", ({ code, details }) => {
      stream = undefined;
      if (over) return;
      hindered(`the control plane does not say what callers may use (${status[code]}: ${details})`);
      disarm = clock.after(retryMs, open);
    });
  };
  open();
  return () => {
    over = true;
    disarm();
    stream?.cancel();
    client.close();
  };
}

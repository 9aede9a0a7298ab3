// The whole service in one process: its ledger, its server, its end.

import { Server } from "@grpc/grpc-js";
import type { Clock, LocalEndpoint, Log } from "@smartcall/runtime";
import type { Registry } from "prom-client";
import type { Ledger } from "../ledger/ledger.ts";
import type { PresentPolicies } from "../policy/present-policies.ts";
import { createEarlyEnds } from "./early-ends.ts";
import { listen } from "./listen.ts";
import { createQuotaMetrics } from "./metrics.ts";
import { createQuota } from "./quota.ts";
import { serveGateways } from "./serve-gateways.ts";
import { serveOperators } from "./serve-operators.ts";
import { createSettles } from "./settles.ts";
import { sweep } from "./sweep.ts";
import { createTrouble } from "./trouble.ts";

/** The longest that calls which are being answered may take at the end, in milliseconds. */
const drainMs = 3_000;

/** What the service is made of. */
export interface QuotaServiceOptions {
  readonly ledger: Ledger;
  readonly policies: PresentPolicies;
  readonly endpoint: LocalEndpoint;
  readonly clock: Clock;
  readonly log: Log;
}

/** A service that listens. */
export interface QuotaService {
  readonly registry: Registry;
  /** Answers what was asked, takes no more, and closes the ledger. */
  close(): Promise<void>;
}

/** Starts it; or says in a sentence why it cannot. */
export async function startQuota(
  options: QuotaServiceOptions,
): Promise<
  | { readonly ok: true; readonly service: QuotaService }
  | { readonly ok: false; readonly problem: string }
> {
  const { ledger, policies, clock, log } = options;
  const failed = (error: unknown): void => log.error({ err: error }, "a bug");
  const trouble = createTrouble({
    began: (problem) =>
      log.error(
        { problem },
        "calls cannot be counted: each is refused or let through as its route says, and what calls used is kept in memory until it can be written down",
      ),
    over: () => log.warn("calls are counted again"),
  });
  const metrics = createQuotaMetrics(() => settles.waiting());
  const settles = createSettles({
    ledger,
    clock,
    trouble,
    dropped() {
      metrics.dropped();
      log.error("too many ends of calls wait: the oldest is charged as reserved");
    },
  });
  const earlyEnds = createEarlyEnds(settles, clock);
  const stopSweeping = sweep({
    ledger,
    clock,
    trouble,
    metrics,
    expired: (calls) => log.warn({ calls }, "calls that never settled were charged as reserved"),
  });
  const server = new Server({
    "grpc.max_receive_message_length": 1024 * 1024,
    "grpc.keepalive_time_ms": 30_000,
    // Nobody asks it, and it counts every message.
    "grpc.enable_channelz": 0,
  });
  serveGateways(
    server,
    createQuota({ ledger, policies, settles, earlyEnds, trouble, metrics, clock }),
    failed,
  );
  serveOperators(server, { ledger, policies, settles, trouble, clock, failed });
  const bound = await listen(server, options.endpoint);
  if (!bound.ok) {
    await stopSweeping();
    return bound;
  }
  return {
    ok: true,
    service: {
      registry: metrics.registry,
      async close() {
        await drained(server, clock);
        await stopSweeping();
        earlyEnds.close();
        await settles.close();
        await ledger.close();
      },
    },
  };
}

/** Ends the server when what it is asked is answered, or after a while. */
function drained(server: Server, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = clock.after(drainMs, () => server.forceShutdown());
    server.tryShutdown(() => {
      giveUp();
      resolve();
    });
  });
}

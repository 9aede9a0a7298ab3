// Many connections, spread over processes of their own.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Sent } from "./connections-client.ts";
import { type Done, type LinesTo, type Order, together } from "./connections-types.ts";

/** So many share the work: each holds some thousands of connections. */
const processes = 4;

/** Connections that can be told what to do. */
export interface Clients {
  /** All numbers are of all processes together. */
  order(order: Order): Promise<Done>;
  /** Ends them, and so closes all connections. */
  stop(): void;
}

/** Starts the processes; no connection is opened yet. */
export function startClients(to: LinesTo): Clients {
  const program = fileURLToPath(new URL("connections-client.js", import.meta.url));
  const children = Array.from({ length: processes }, (_, index) => {
    const child = fork(program, { execArgv: ["--max-old-space-size=4096"] });
    // Each begins with another, so that none is everybody's.
    const turned = <T>(all: readonly T[]): readonly T[] => [
      ...all.slice(index % all.length),
      ...all.slice(0, index % all.length),
    ];
    send(child, { to: { ...to, from: turned(to.from), tokens: share(to.tokens, index) } });
    return child;
  });
  return {
    order: async (order) =>
      together(
        await Promise.all(children.map((child, index) => ordered(child, partOf(order, index)))),
      ),
    stop: () => {
      for (const child of children) child.kill();
    },
  };
}

/** Tokens of its own for each process, where there are enough: a caller may hold so many sockets only. */
function share(tokens: readonly string[], index: number): readonly string[] {
  const own = tokens.filter((_, number) => number % processes === index);
  return own.length > 0 ? own : tokens;
}

/** What one process does of an order. */
function partOf(order: Order, index: number): Order {
  const part = (all: number): number =>
    Math.floor(all / processes) + (index < all % processes ? 1 : 0);
  if (order.do === "open") {
    return { ...order, count: part(order.count), perSecond: order.perSecond / processes };
  }
  if (order.do === "use") {
    return { ...order, calls: part(order.calls), inFlight: part(order.inFlight) };
  }
  return order;
}

function ordered(child: ChildProcess, order: Order): Promise<Done> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`a process of connections ended: ${code}`));
    child.once("exit", ended);
    child.once("message", (done: Done) => {
      child.off("exit", ended);
      resolve(done);
    });
    send(child, { order });
  });
}

function send(child: ChildProcess, sent: Sent): void {
  child.send(sent);
}

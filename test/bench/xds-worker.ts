// A process full of simulated gateways; its parent says what they do, and is told when they did it.
import type { ResourceType } from "@smartcall/control-plane/dist/snapshot/index.js";
import { openNode, type SimulatedNode } from "./xds-node.ts";

/** What the parent says. */
export type Order =
  /** Connect so many, named from `first` on, and say when each holds all. */
  | {
      readonly kind: "open";
      readonly first: number;
      readonly count: number;
      readonly port: number;
      readonly joinToken: string;
    }
  /** Say when each was told of a resource of a type, by its name or any. */
  | { readonly kind: "watch"; readonly type: ResourceType; readonly name?: string }
  /** Connect so many that read nothing. */
  | {
      readonly kind: "stall";
      readonly count: number;
      readonly port: number;
      readonly joinToken: string;
    }
  /** Connect and close so many, one after another, each as soon as it holds all. */
  | {
      readonly kind: "cycle";
      readonly count: number;
      readonly port: number;
      readonly joinToken: string;
    };

/** What the parent is told: moments in milliseconds of the machine's steady clock, one a node. */
export interface Done {
  readonly kind: "done";
  readonly moments: readonly number[];
}

/** Milliseconds that all processes of this machine count alike. */
export function moment(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The gateways of one process. */
export class Worker {
  readonly #nodes: SimulatedNode[] = [];
  #watched: { type: ResourceType; name: string | undefined } | undefined;
  #moments = new Map<number, number>();
  #done: (moments: readonly number[]) => void = () => undefined;

  /** Does what it says, and resolves when every node has. */
  run(order: Order): Promise<readonly number[]> {
    return new Promise((resolve) => {
      this.#moments = new Map();
      this.#done = resolve;
      switch (order.kind) {
        case "open":
          for (let index = 0; index < order.count; index++) this.#open(order, index);
          break;
        case "watch":
          this.#watched = { type: order.type, name: order.name };
          break;
        case "stall":
          for (let index = 0; index < order.count; index++) {
            const { port, joinToken } = order;
            openNode({ id: `stalled-${index}`, port, joinToken, stalled: true });
          }
          resolve([]);
          break;
        case "cycle":
          void cycle(order).then(resolve);
          break;
      }
    });
  }

  #open(order: Extract<Order, { kind: "open" }>, index: number): void {
    let served = false;
    const { port, joinToken } = order;
    const node = openNode({
      id: `node-${String(order.first + index).padStart(4, "0")}`,
      port,
      joinToken,
      told: (type, { resources }) => {
        if (!served && node.served()) {
          served = true;
          this.#reached(index);
        }
        const { type: watchedType, name } = this.#watched ?? {};
        if (type !== watchedType) return;
        if (name === undefined || resources.some((each) => each.name === name))
          this.#reached(index);
      },
      // As Envoy, it comes back after a moment.
      ended: () => setTimeout(() => this.#open(order, index), 200 + Math.random() * 800),
    });
    this.#nodes[index] = node;
  }

  #reached(index: number): void {
    if (this.#moments.has(index)) return;
    this.#moments.set(index, moment());
    if (this.#moments.size < this.#nodes.length) return;
    this.#watched = undefined;
    this.#done([...this.#moments.values()]);
  }
}

async function cycle(order: Extract<Order, { kind: "cycle" }>): Promise<readonly number[]> {
  const { port, joinToken } = order;
  for (let done = 0; done < order.count; done++) {
    const id = `cycle-${done % 10}`;
    await new Promise<void>((resolve) => {
      const again = (): SimulatedNode =>
        openNode({
          id,
          port,
          joinToken,
          told: () => {
            if (!node.served()) return;
            node.close();
            resolve();
          },
          ended: () => {
            setTimeout(() => {
              node = again();
            }, 50);
          },
        });
      let node = again();
    });
  }
  return [moment()];
}

if (process.send !== undefined && process.argv[2] === "worker") {
  const worker = new Worker();
  process.on("message", (order: Order) => {
    void worker.run(order).then((moments) => {
      const done: Done = { kind: "done", moments };
      process.send?.(done);
    });
  });
  process.on("disconnect", () => process.exit(0));
}

// A process full of simulated gateways; its parent says what they do, and is told when they did it.
import type { ResourceType } from "@smartcall/control-plane/dist/snapshot/index.js";
import { type Holdings, openNode, type SimulatedNode } from "./xds-node.ts";
import type { ReadResource } from "./xds-response.ts";

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
  /** Say when each was told another version of a resource of a type: of a name, or with a text in it. */
  | ({ readonly kind: "watch" } & Sought)
  /** Say which do not hold exactly what one holds that has only just come. */
  | { readonly kind: "check"; readonly port: number; readonly joinToken: string }
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

/** A change that a node may be told of. */
export interface Sought {
  readonly type: ResourceType;
  readonly name?: string;
  readonly text?: string;
}

/** What the parent is told: moments in milliseconds of the machine's steady clock, one a node. */
export interface Done {
  readonly kind: "done";
  readonly moments: readonly number[];
  /** A sentence for each node that holds something else than it should. */
  readonly wrong?: readonly string[];
}

/** Milliseconds that all processes of this machine count alike. */
export function moment(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The gateways of one process. */
export class Worker {
  readonly #nodes: SimulatedNode[] = [];
  #watched: Sought | undefined;
  /** What each held when its watch began, by its index. */
  #before: readonly ReadonlyMap<string, { readonly version: string }>[] = [];
  #moments = new Map<number, number>();
  #done: (moments: readonly number[]) => void = () => undefined;

  /** Does what it says, and resolves when every node has. */
  run(order: Exclude<Order, { kind: "check" }>): Promise<readonly number[]> {
    return new Promise((resolve) => {
      this.#moments = new Map();
      this.#done = resolve;
      switch (order.kind) {
        case "open":
          for (let index = 0; index < order.count; index++) this.#open(order, index);
          break;
        case "watch":
          this.#watched = order;
          this.#before = this.#nodes.map((node) => new Map(node.holds().get(order.type)));
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

  /** Compares all with one that comes for that. */
  async check(order: Extract<Order, { kind: "check" }>): Promise<readonly string[]> {
    const { port, joinToken } = order;
    const fresh = await new Promise<SimulatedNode>((resolve) => {
      const node: SimulatedNode = openNode({
        id: `check-${process.pid}`,
        port,
        joinToken,
        told: () => {
          if (node.served()) resolve(node);
        },
      });
    });
    const wrong = this.#nodes.flatMap((node, index) => {
      const differs = differenceOf(node.holds(), fresh.holds());
      return differs === undefined ? [] : [`node ${index}: ${differs}`];
    });
    fresh.close();
    return wrong;
  }

  #open(order: Extract<Order, { kind: "open" }>, index: number, holds?: Holdings): void {
    let served = false;
    const { port, joinToken } = order;
    const node = openNode({
      id: `node-${String(order.first + index).padStart(4, "0")}`,
      port,
      joinToken,
      ...(holds && { holds }),
      told: (type, { resources }) => {
        if (!served && node.served()) {
          served = true;
          this.#reached(index);
        }
        if (type === this.#watched?.type && this.#isSought(resources, index)) this.#reached(index);
      },
      // As Envoy, it comes back after a moment, and says what it holds.
      ended: () =>
        setTimeout(() => this.#open(order, index, node.holds()), 200 + Math.random() * 800),
    });
    this.#nodes[index] = node;
  }

  #isSought(resources: readonly ReadResource[], index: number): boolean {
    const { name, text } = this.#watched ?? {};
    return resources.some(
      (each) =>
        (name === undefined || each.name === name) &&
        (text === undefined || hasText(each, text)) &&
        each.version !== this.#before[index]?.get(each.name)?.version,
    );
  }

  #reached(index: number): void {
    if (this.#moments.has(index)) return;
    this.#moments.set(index, moment());
    if (this.#moments.size < this.#nodes.length) return;
    this.#watched = undefined;
    this.#done([...this.#moments.values()]);
  }
}

/** Asked of the same resource by every node. */
const texts = new WeakMap<ReadResource, Map<string, boolean>>();

function hasText(resource: ReadResource, text: string): boolean {
  const known = texts.get(resource) ?? new Map<string, boolean>();
  texts.set(resource, known);
  const has = known.get(text) ?? Buffer.from(resource.body).includes(text);
  known.set(text, has);
  return has;
}

/** The first thing in which they differ. */
function differenceOf(some: Holdings, others: Holdings): string | undefined {
  for (const [type, of] of others) {
    const own = some.get(type);
    if (own?.size !== of.size) return `${own?.size} of type ${type}, and not ${of.size}`;
    for (const [name, { version }] of of) {
      if (own.get(name)?.version !== version) return `the ${type} ${name} in another version`;
    }
  }
  return undefined;
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

/** Does what an order says, and what to tell of it. */
export async function answerTo(worker: Worker, order: Order): Promise<Done> {
  if (order.kind === "check")
    return { kind: "done", moments: [], wrong: await worker.check(order) };
  return { kind: "done", moments: await worker.run(order) };
}

if (process.send !== undefined && process.argv[2] === "worker") {
  const worker = new Worker();
  process.on("message", (order: Order) => {
    void answerTo(worker, order).then((done) => process.send?.(done));
  });
  process.on("disconnect", () => process.exit(0));
}

// The processes of a mesh together: started in stages, kept, and ended in order.

import type { ServedEdge } from "@smartcall/runtime";
import type { Part } from "./start-steps.ts";
import { type Death, type Supervised, supervise } from "./supervised.ts";
import type { Terminal } from "./terminal.ts";
import { until } from "./until.ts";

/** From when on the person at the terminal is told what is awaited at the end, in milliseconds. */
const slowMs = 1_500;

/** How long parts may still take once one has said that it is stuck, in milliseconds. */
const stuckMs = 3_000;

/** The processes of a mesh. */
export class MeshProcesses {
  readonly #screen: Terminal;
  readonly #served: (edge: ServedEdge) => void;
  readonly #holds: (keyVariables: readonly string[]) => void;
  readonly #processes: Supervised[] = [];
  readonly #ends = new Map<Supervised, number>();
  readonly #gaveUp = new AbortController();
  /** A part has said why another may never be ready. */
  readonly #stuck = new AbortController();
  #firstDeath: Death | undefined;
  #kept = false;
  #ending = false;

  /**
   * @param served Told where the edge is, each time that the control plane says it.
   * @param holds Told which variables are for the control plane alone, as it says them.
   */
  constructor(
    screen: Terminal,
    served: (edge: ServedEdge) => void = () => undefined,
    holds: (keyVariables: readonly string[]) => void = () => undefined,
  ) {
    this.#screen = screen;
    this.#served = served;
    this.#holds = holds;
  }

  /**
   * Starts the parts at once and waits until all are ready.
   *
   * @returns why they are not: one sentence, if so
   */
  async start(parts: readonly Part[]): Promise<string | undefined> {
    if (this.#ending || this.#gaveUp.signal.aborted) return undefined;
    for (const { plan, ends } of parts) {
      const watched = {
        died: (death: Death) => this.#onDeath(death),
        told: (text: string, stuck: boolean) => {
          this.#screen.say(`\n${text}\n`);
          if (stuck) this.#stuck.abort();
        },
        served: this.#served,
        holds: this.#holds,
      };
      const process = supervise(plan, watched);
      this.#processes.push(process);
      this.#ends.set(process, ends);
    }
    const problems = await Promise.all(parts.map((part) => this.#wait(part)));
    if (this.#firstDeath !== undefined) return diedAtStart(this.#firstDeath);
    return problems.find((problem) => problem !== undefined);
  }

  /**
   * From here on, a process that dies is started again.
   *
   * @returns why not all of them are there any more: one sentence, if so
   */
  keep(): string | undefined {
    if (this.#firstDeath !== undefined) return diedAtStart(this.#firstDeath);
    this.#kept = true;
    for (const one of this.#processes) one.keep();
    return undefined;
  }

  /** Ends all of them, in the order of their parts. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.#gaveUp.abort();
    const orders = [...new Set(this.#ends.values())].sort((a, b) => b - a);
    for (const order of orders) {
      const group = this.#processes.filter((one) => this.#ends.get(one) === order);
      const slow = setTimeout(() => {
        const names = group.filter((one) => one.runs()).map(({ plan }) => plan.name);
        this.#screen.say(`Waiting until ${names.join(", ")} ended … Ctrl-C again cuts what runs.`);
      }, slowMs);
      await Promise.all(group.map((one) => one.stop()));
      clearTimeout(slow);
    }
  }

  /** Kills everything at once. */
  kill(): void {
    for (const one of this.#processes) one.kill();
  }

  logFiles(): readonly string[] {
    return this.#processes.map(({ plan }) => plan.logFile);
  }

  async #wait(part: Part): Promise<string | undefined> {
    const { plan, limitMs } = part;
    const isReady = (): Promise<boolean> => part.isReady();
    const stuck = this.#stuck.signal;
    const signal = AbortSignal.any([this.#gaveUp.signal, stuck]);
    const first = await until(isReady, { limitMs, signal });
    const waited =
      first === "given up" && stuck.aborted
        ? await until(isReady, { limitMs: stuckMs, signal: this.#gaveUp.signal })
        : first;
    if (waited === "ready") {
      this.#screen.good(`${plan.name.padEnd(14)} ${this.#screen.dim(part.at)}`);
    }
    if (waited !== "late") return undefined;
    this.#screen.bad(plan.name);
    this.#gaveUp.abort();
    if (stuck.aborted) return `${plan.name} is not ready, and above is why.`;
    return `${plan.name} was not ready within ${limitMs / 1000} s: see ${plan.logFile}.`;
  }

  #onDeath(death: Death): void {
    if (this.#ending) return;
    if (this.#kept) {
      this.#screen.bad(diedLater(death));
      return;
    }
    this.#firstDeath ??= death;
    this.#gaveUp.abort();
  }
}

function diedAtStart({ name, how, lastWords, logFile }: Death): string {
  return `${name} did not start (${how}): ${lastWords ?? "it gave no reason"}. Its log: ${logFile}`;
}

function diedLater({ name, how, lastWords, logFile, againInMs }: Death): string {
  const words = lastWords === undefined ? "" : ` "${lastWords}"`;
  const next =
    againInMs === undefined
      ? "a setting is wrong, so it is not started again"
      : `starting it again in ${againInMs / 1000} s`;
  return `${name} died (${how})${words}: ${next}. Its log: ${logFile}`;
}

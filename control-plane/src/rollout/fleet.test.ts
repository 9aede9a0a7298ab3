// Gateways in little, for tests of the machine: each takes or refuses what the plan gives it.

import { advance } from "./advance.ts";
import { planOf } from "./plan.ts";
import { begin, propose } from "./propose.ts";
import type { Gateway, Rollout, Said } from "./rollout.ts";

/** What a gateway refuses: a whole version, and of its parts those from this one on. */
export type Refuses = Readonly<Record<string, number>>;

const listener = { type: "listener", name: "listener", message: "no" };

/** Versions are words. A silent gateway never answers. */
export class Fleet {
  state: Rollout<string>;
  now = 0;
  readonly said: Said<string>[] = [];
  /** Everything that each gateway was ever given. */
  readonly given = new Map<string, string[]>();
  readonly silent = new Set<string>();
  readonly refuses = new Map<string, Refuses>();
  /** Gateways that cannot use something that no version changes, and never could. */
  readonly broken = new Set<string>();
  /** The versions with which a gateway has lost something that no version changes. */
  readonly lost = new Map<string, ReadonlySet<string>>();
  readonly #nodes = new Set<string>();

  constructor(first: string, good?: string) {
    this.state = begin(first, good);
  }

  connect(...nodes: readonly string[]): void {
    for (const node of nodes) this.#nodes.add(node);
    this.#give();
  }

  leave(node: string): void {
    this.#nodes.delete(node);
  }

  propose(candidate: string): void {
    this.#take(propose(this.state, candidate, this.#gateways(), this.now));
  }

  /** One step; false where nothing changes. */
  step(): boolean {
    const parts = (): number => 8;
    const step = advance(this.state, this.#gateways(), this.now, parts);
    if (step.next === this.state) return false;
    this.#take(step);
    return true;
  }

  /** Steps until nothing changes any more. */
  settle(): void {
    while (this.step());
  }

  /** What was said, in short. */
  words(): readonly string[] {
    return this.said.map((said) => {
      const about = `${said.kind} ${said.candidate}`;
      if (said.kind === "staged") return `${about} on ${said.node}`;
      if (said.kind === "taken") {
        const silent = said.silent.length > 0 ? `, not by ${said.silent.join(" ")}` : "";
        const refusing = said.refusing.map(({ node }) => `, refused as before by ${node}`).join("");
        return `${about} by ${said.nodes.join(" ")}${silent}${refusing}`;
      }
      if (said.kind !== "refused" && said.kind !== "doubted") return about;
      const { refusal } = said;
      if (refusal.by === "us") return `${about} by us`;
      if (refusal.by === "silence") return `${about}: silence of ${refusal.nodes.join(" ")}`;
      const part = refusal.part === undefined ? "" : ` part ${refusal.part}`;
      const astray = said.kind === "refused" ? said.astray.map(({ node }) => node) : [];
      const not = astray.length > 0 ? `, not back: ${astray.join(" ")}` : "";
      return `${about} by ${refusal.node}: ${refusal.resources[0]?.name ?? ""}${part}${not}`;
    });
  }

  /** What a gateway is given at present. */
  holds(node: string): string {
    const { all, ahead } = planOf(this.state);
    if (ahead?.node !== node) return all;
    const { candidate, trial } = ahead;
    return trial === undefined ? candidate : `${all}+${candidate}:${trial.parts}`;
  }

  #take({ next, says }: { next: Rollout<string>; says: readonly Said<string>[] }): void {
    this.state = next;
    this.said.push(...says);
    this.#give();
  }

  #give(): void {
    for (const node of this.#nodes) {
      const before = this.given.get(node) ?? [];
      const held = this.holds(node);
      if (before.at(-1) !== held) this.given.set(node, [...before, held]);
    }
  }

  #gateways(): readonly Gateway[] {
    return [...this.#nodes].sort().map((node) => {
      const [, trial, count] = /\+(.+):(\d+)$/.exec(this.holds(node)) ?? [];
      const bad = this.refuses.get(node)?.[trial ?? this.holds(node)];
      const refused = bad !== undefined && (count === undefined || Number(count) > bad);
      const resources = refused ? [{ type: "route", name: "edge", message: "no" }] : [];
      const answered = !this.silent.has(node);
      const lost = this.lost.get(node)?.has(this.holds(node)) ? [listener] : [];
      const still = this.broken.has(node) ? [listener] : [];
      return { node, answered, refused: resources, lost, still };
    });
  }
}

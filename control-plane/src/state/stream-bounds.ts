// How many streams whom a token proves may have, and how fast: a flood of one is refused to it alone.

import { type Allowance, admit, type Rate } from "@smartcall/runtime";
import { type JoinKind, joinSubject, type NodeProof } from "./node-proof.ts";

/** What the mesh's own nodes, those of this machine, may together. */
export interface StreamBounds {
  readonly rate: Rate;
  /** Streams of all nodes. Half of them are for no agent that has a token of its own. */
  readonly most: number;
}

/** Counts the streams that begin. */
export interface StreamCount {
  /** What ends the stream's part of it, any number of times; undefined where it may not begin. */
  begin(proof: NodeProof): (() => void) | undefined;
}

/** How fast all nodes of one token's name may begin streams: `agent` is for all its instances. */
export const ownRates: Readonly<Record<JoinKind, Rate>> = {
  gateway: { perSecond: 5, burst: 40 },
  agent: { perSecond: 10, burst: 100 },
};

/** Streams that all nodes of one token's name may have, where 10,000 is the most of all. */
export const ownStreams = { gateway: 40, agent: 1_000 } as const;

/** Counts streams by what their nodes have proved to be. */
export function createStreamCount({ rate, most }: StreamBounds, now: () => number): StreamCount {
  const counts = new Map<string, { streams: number; allowance: Allowance | undefined }>();
  let all = 0;
  let ofAgents = 0;
  return {
    begin(proof) {
      const key = proof.kind === "owner" ? "" : joinSubject(proof.kind, proof.name);
      const count = counts.get(key) ?? { streams: 0, allowance: undefined };
      counts.set(key, count);
      const own = proof.kind === "owner" ? rate : ownRates[proof.kind];
      const { admitted, next } = admit(own, count.allowance, now());
      count.allowance = next;
      const ofAgent = proof.kind === "agent" ? 1 : 0;
      const full =
        all >= most ||
        (proof.kind !== "owner" && count.streams >= ownStreams[proof.kind]) ||
        (ofAgent > 0 && ofAgents >= most / 2);
      if (!admitted || full) return undefined;
      count.streams += 1;
      all += 1;
      ofAgents += ofAgent;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        count.streams -= 1;
        all -= 1;
        ofAgents -= ofAgent;
      };
    },
  };
}

// How the next token is chosen, where the caller leaves it open.

/** What a caller may ask for. What is left out is the assistant's to choose. */
export interface Wishes {
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  readonly maxTokens?: number | undefined;
}

/** How an answer is sampled. */
export interface Sampling {
  /** 0 takes the likeliest token always. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  /** The most tokens of an answer. */
  readonly maxTokens: number;
}

/**
 * Fills in what the caller left out. The defaults suit small models, which
 * wander at higher temperatures and repeat themselves without a penalty.
 */
export function sampling(wishes: Wishes, newSeed: () => number): Sampling {
  return {
    temperature: wishes.temperature ?? 0.2,
    topP: wishes.topP ?? 0.95,
    seed: wishes.seed ?? newSeed(),
    maxTokens: wishes.maxTokens ?? 512,
  };
}

/** Tokens of the answer are made less likely to come again: by how much, and for how long. */
export const repeatPenalty = { penalty: 1.1, lastTokens: 64 } as const;

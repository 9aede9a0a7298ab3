// What hinders the counting, said once when it begins and once when it is over.

/** What hinders the counting. */
export interface Trouble {
  /** Something could not be counted. */
  failed(problem: string): void;
  /** Something was written down: that something could be read proves nothing of a full disk. */
  worked(): void;
  /** What hinders it at this moment, in a sentence. */
  problem(): string | undefined;
}

/** Where it is said. */
export interface Said {
  began(problem: string): void;
  over(): void;
}

/** No trouble yet. */
export function createTrouble(said: Said): Trouble {
  let problem: string | undefined;
  return {
    failed(sentence) {
      if (problem === undefined) said.began(sentence);
      problem = sentence;
    },
    worked() {
      if (problem !== undefined) said.over();
      problem = undefined;
    },
    problem: () => problem,
  };
}

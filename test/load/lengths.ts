// How long what people ask of models is, and how long the answers are: by chance, spread as in published traces.
// Both k6 and our own clients take it from here.

/** Any number from 0 to below 1, such as by `Math.random`. */
export type Chance = () => number;

/** One call's lengths, in tokens. */
export interface Lengths {
  readonly prompt: number;
  readonly answer: number;
}

/** A token of English is about so many characters. */
export const charactersOfToken = 4;

/**
 * Medians of the conversations in the traces of Azure's LLM service (Patel et al., "Splitwise", ISCA 2024):
 * 1,020 tokens asked, 129 answered. The spread is lognormal: one of twenty is five, or three, times as long.
 */
const prompt = { median: 1_020, sigma: 1, most: 16_000 };
const answer = { median: 129, sigma: 0.7, most: 800 };

/** The lengths of one call. */
export function lengths(chance: Chance): Lengths {
  return { prompt: lognormal(prompt, chance), answer: lognormal(answer, chance) };
}

/** A history of so many tokens that ends by asking the agent `ticker` for so many, one each `paceMs`. */
export function askOf(
  { prompt, answer }: Lengths,
  paceMs: number,
): { readonly messages: readonly { readonly role: string; readonly content: string }[] } {
  const turns = Math.max(1, Math.ceil(prompt / tokensOfTurn));
  const said = words(Math.round(prompt / turns));
  const history = Array.from({ length: turns }, (_, turn) => ({
    role: turn % 2 === 0 ? "user" : "assistant",
    content: said,
  }));
  return { messages: [...history, { role: "user", content: `${answer} every ${paceMs}` }] };
}

const tokensOfTurn = 500;

function words(tokens: number): string {
  return "word".padEnd(charactersOfToken).repeat(tokens);
}

function lognormal(
  { median, sigma, most }: { median: number; sigma: number; most: number },
  chance: Chance,
): number {
  // Box and Muller: two even chances make one that is spread normally.
  const normal = Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
  return Math.max(1, Math.min(most, Math.round(median * Math.exp(sigma * normal))));
}

// Searches the highest rate of calls that holds: short steps to find it, a long one to be sure.

/** How long each kind of step takes, in seconds. */
export interface SearchPace {
  readonly step: number;
  readonly confirm: number;
}

/** Where to begin, and what is enough, in calls a second. */
export interface SearchRange {
  /** About what the machine does when it does all it can. */
  readonly estimate: number;
  /** No more is tried. */
  readonly most: number;
}

/** The steps end once what holds and what does not are so close. */
const closeEnough = 1.05;
/** What a long step did not confirm is tried again so much lower. */
const lower = 0.9;
const mostConfirms = 8;
/** Some ten are enough where nothing disturbs. */
const mostSteps = 60;

/**
 * The highest rate that a long step confirmed; undefined where none of those tried was.
 *
 * @param holds tries a rate for so many seconds
 */
export async function highestRate(
  holds: (rate: number, seconds: number) => Promise<boolean>,
  { estimate, most }: SearchRange,
  pace: SearchPace,
): Promise<number | undefined> {
  let rate = await bySteps((tried) => holds(tried, pace.step), Math.min(estimate, most), most);
  for (let tries = 0; tries < mostConfirms && rate >= 1; tries += 1) {
    if (await holds(rate, pace.confirm)) return rate;
    rate = Math.floor(rate * lower);
  }
  return undefined;
}

/**
 * Halves the span between the highest that held and the lowest that did not. What did not hold is believed
 * when it was tried twice: once may have been the work of others.
 */
async function bySteps(
  holds: (rate: number) => Promise<boolean>,
  first: number,
  most: number,
): Promise<number> {
  let held = 0;
  let tooMuch = Number.POSITIVE_INFINITY;
  let tried = Math.max(1, Math.floor(first));
  for (let steps = 0; steps < mostSteps; steps += 1) {
    if (await holds(tried)) {
      held = tried;
      // A second try held.
      if (tried >= tooMuch) tooMuch = Number.POSITIVE_INFINITY;
    } else if (tried === tooMuch) break;
    else tooMuch = tried;
    if (held >= most) break;
    tried = nextOf(held, tooMuch, most);
  }
  return held;
}

/** Higher while nothing was too much; between both; and what was too much once more where they are close. */
function nextOf(held: number, tooMuch: number, most: number): number {
  if (tooMuch === Number.POSITIVE_INFINITY) {
    return Math.min(most, Math.max(held + 1, Math.floor(held * 1.25)));
  }
  const between = Math.floor((held + tooMuch) / 2);
  const isClose = tooMuch <= held * closeEnough || between <= held;
  return isClose ? tooMuch : between;
}

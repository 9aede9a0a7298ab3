// What is promised in milliseconds: printed as it was, and held with room for what else a machine does.
import { expect } from "chai";

/** How many times the promised one the time may be. */
let room = 5;

/** From here on the promised times themselves are held: for a machine that does nothing else. */
export function holdStrictly(): void {
  room = 1;
}

/** Whether they are: then tests hold the bounds, rates and counts of such a machine. */
export function strictly(): boolean {
  return room === 1;
}

/** Prints how long something took, and throws where that is far more than was promised, or more at all if held strictly. */
export function expectInTime(what: string, tookMs: number, promisedMs: number): void {
  console.log(`      ${what}: ${Math.round(tookMs)} ms, promised within ${promisedMs}`);
  expect(tookMs, what).to.be.lessThan(promisedMs * room);
}

// Which load scenarios CI runs at their full length, and as what: `make test-long` runs the others.

/** The name of the step, by that of the scenario. */
export const inCi = {
  smoke: "load of 200 calls a second",
  "start-up": "start-up under three seconds",
} as const;

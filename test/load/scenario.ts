// What a load scenario is asked for, and what it tells.

/** One figure of a scenario. */
export interface Figure {
  /** Such as "time of a call, P95". */
  readonly what: string;
  /** With its unit, such as "12.4 ms". */
  readonly is: string;
  /** What it is held to, such as "under 100 ms"; nothing where it is only told. */
  readonly asked?: string;
  /** Whether it is what was asked. */
  readonly met?: boolean;
}

/** What came of a scenario. */
export interface Outcome {
  /** What was done, in a sentence or two: how many callers, at what rate, how long. */
  readonly done: string;
  readonly figures: readonly Figure[];
  /** What failed that must not, a line each. Empty, and every figure met: it passed. */
  readonly failures: readonly string[];
  /** What was not measured, or holds for this machine alone, a line each. */
  readonly notMeasured?: readonly string[];
}

/** A scenario: starts what it needs on free ports, loads it, and ends all that it started. */
export interface Scenario {
  /** What it shows, in a sentence: the help and the report have it. */
  readonly shows: string;
  /** Whether k6 makes its load. */
  readonly usesK6?: boolean;
  run(settings: ScenarioSettings): Promise<Outcome>;
}

/** What whoever runs one may choose. */
export interface ScenarioSettings {
  /** How long the load lasts, in seconds; a scenario's own time where it is not said. */
  readonly seconds?: number;
  /** A folder of its own for what it leaves behind, such as k6's dashboard. */
  readonly reportFolder: string;
}

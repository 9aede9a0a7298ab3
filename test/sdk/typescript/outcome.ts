// What came of a call, and what a shared case says that must have come of it.
import { entries, listAt, numberAt, textAt, valueAt } from "../../harness/json.ts";

/** What came of one call or one turn; what it cannot have is left out. */
export interface Outcome {
  readonly text?: string;
  readonly pieces?: readonly string[];
  readonly finishReason?: string;
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  readonly requestId?: string;
  readonly error?: FoundError;
  readonly conversations?: readonly (readonly Outcome[])[];
  readonly agents?: readonly string[];
  readonly agent?: Readonly<Record<string, unknown>>;
}

/** An error, as cases speak of it. */
export interface FoundError {
  readonly kind: string;
  readonly reason: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly message: string;
  readonly textSoFar: string;
  readonly fields: readonly string[];
  readonly requestId: string;
  /** Whether the mesh told it. */
  readonly told: boolean;
}

/** What is not as a case says. What it does not know is a problem too. */
export function problemsOf(expect: unknown, outcome: Outcome): readonly string[] {
  const { error } = outcome;
  const strange =
    error === undefined || valueAt(expect, "error") !== undefined
      ? []
      : [`failed: ${JSON.stringify(error)}`];
  const nameless = error?.told === true && error.requestId === "" ? ["no request id"] : [];
  const wrong = entries(expect).flatMap(([key, value]) => problemAt(key, value, outcome));
  return [...strange, ...nameless, ...wrong];
}

function problemAt(key: string, value: unknown, outcome: Outcome): readonly string[] {
  switch (key) {
    case "text":
      return differs(key, textOf(value), outcome.text);
    case "pieces":
    case "finishReason":
    case "usage":
    case "agents":
      return differs(key, value, outcome[key]);
    case "agent":
      return entries(value).flatMap(([name, said]) => differs(name, said, outcome.agent?.[name]));
    case "error":
      return outcome.error === undefined
        ? [`did not fail: ${JSON.stringify(outcome)}`]
        : errorProblems(value, outcome.error);
    case "conversations":
      return listAt({ value }, "value").flatMap((turns, at) =>
        listAt({ turns }, "turns").flatMap((turn, of) => {
          const came = outcome.conversations?.[at]?.[of];
          const problems = came === undefined ? ["never came"] : problemsOf(turn, came);
          return problems.map((problem) => `turn ${of} of ${at}: ${problem}`);
        }),
      );
    case "tokenAsked":
    case "tookMsAtLeast":
    case "tookMsAtMost":
      // Of all calls of a case together: `run-case.ts` looks.
      return [];
    default:
      return [`nobody knows what is expected by ${key}`];
  }
}

function errorProblems(expected: unknown, error: FoundError): readonly string[] {
  return entries(expected).flatMap(([key, value]) => {
    switch (key) {
      case "kind":
      case "reason":
      case "status":
      case "retryable":
      case "textSoFar":
      case "fields":
        return differs(key, value, error[key]);
      case "message":
        return error.message.includes(textAt(expected, key)) ? [] : [`message: ${error.message}`];
      case "retryAfterMsAtLeast":
        return (error.retryAfterMs ?? -1) >= numberAt(expected, key)
          ? []
          : [`retryAfter: ${error.retryAfterMs}`];
      default:
        return [`nobody knows what is expected by error.${key}`];
    }
  });
}

/** Whether the two are alike, whatever the order of their keys. */
export function differs(what: string, expected: unknown, came: unknown): readonly string[] {
  const [a, b] = [stable(expected), stable(came)];
  return a === b ? [] : [`${what}: ${b.slice(0, 300)} and not ${a.slice(0, 300)}`];
}

function stable(value: unknown): string {
  return (
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === "object" && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? "nothing"
  );
}

function textOf(expected: unknown): string {
  if (typeof expected === "string") return expected;
  return textAt(expected, "repeat").repeat(numberAt(expected, "times")) + textAt(expected, "then");
}

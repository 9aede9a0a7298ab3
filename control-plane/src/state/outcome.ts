// What comes of asking the state for something: a value, or what is in the way.

/** A value, or the reason why there is none. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: StateProblem };

/** Why the state could not be read or written, for an operator to act on. */
export interface StateProblem {
  /**
   * `full`: no room left; `denied`: no permission; `corrupt`: the content makes no
   * sense; `refused`: what was asked for is not allowed; `failed`: anything else.
   */
  readonly kind: "full" | "denied" | "corrupt" | "refused" | "failed";
  /** The file or folder it is about. */
  readonly path: string;
  /** One sentence: what is wrong, and what to do. */
  readonly message: string;
}

/** Told of a problem that the work goes on in spite of. */
export type Report = (problem: StateProblem) => void;

export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failure(problem: StateProblem): { ok: false; problem: StateProblem } {
  return { ok: false, problem };
}

/** What a failed call of the file system means for an operator. */
export function problemOf(error: unknown, path: string): StateProblem {
  const code = codeOf(error);
  if (fullCodes.has(code)) {
    return { kind: "full", path, message: `There is no room left to write ${path}: free some.` };
  }
  if (deniedCodes.has(code)) {
    const message = `No permission for ${path} (${code}): let the user that runs Smart Call own it.`;
    return { kind: "denied", path, message };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: "failed", path, message: `${path} could not be used: ${reason}.` };
}

/** The code of a failed system call, such as `ENOENT`, or an empty string. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

const fullCodes: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const deniedCodes: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS"]);

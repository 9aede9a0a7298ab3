// What there is to say about a code.

/** What sort of mistake a code stands for; a code's first digit says the same. */
export const kinds = {
  file: "A file, or a variable of the environment, is missing or cannot be used.",
  syntax: "The text is not YAML as Smart Call reads it.",
  schema: "A key is unknown or missing, or a value is of the wrong form.",
  reference: "Something names what does not exist.",
  semantic: "Each part is right, but together they make no sense.",
  "not yet": "The key belongs to the language, but does nothing in this version.",
  secret: "A secret is written in the file.",
  case: "A file of test cases cannot be used, or a case makes no sense.",
  gateway: "The file passes every check, but a gateway does not take it.",
} as const;

/** The kind of a code. */
export type Kind = keyof typeof kinds;

/** One row of the table. `{words}` in braces are filled in where the mistake is found. */
export interface CodeRow {
  readonly kind: Kind;
  /** An error, unless it says otherwise. */
  readonly severity?: "warning";
  readonly message: string;
  readonly hint: string;
  /** A paragraph for `docs/errors.md`. */
  readonly about: string;
}

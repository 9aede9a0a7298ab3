// Codes of keys and values that do not have their form.

import type { CodeRow } from "./row.ts";

/** Rows of the table of codes. */
export const schemaCodes = {
  SC201: {
    kind: "schema",
    message: "Unknown key `{key}` in {where}.",
    hint: "{advice}",
    about: "A key that means nothing is refused, since it is most often a slip of the pen.",
  },
  SC202: {
    kind: "schema",
    message: "{what} must be {expected}, but is {found}.",
    hint: "{advice}",
    about:
      "A value has the wrong type. YAML 1.2 knows only `true` and `false`: `yes`, `no`, `on` and `off` are texts.",
  },
  SC203: {
    kind: "schema",
    message: "The key `{key}` is missing in {where}.",
    hint: "Add it, such as `{example}`.",
    about: "The language needs this key and has no default for it.",
  },
  SC204: {
    kind: "schema",
    message: "`{value}` cannot be the name of {what}.",
    hint: "Use 1 to 63 lower-case letters, digits and dashes, with no dash at either end{advice}.",
    about:
      "Names appear in host names, certificates and metrics, so they are DNS labels (RFC 1123).",
  },
  SC205: {
    kind: "schema",
    message: "{what} must be a whole number from {min} to {max}, but is {value}.",
    hint: "Write a number in that range, without quotes.",
    about: "A number is out of its range, or has a fraction.",
  },
  SC206: {
    kind: "schema",
    message: "{what} must be a length of time, but is {found}.",
    hint: "Write a whole number and a unit: `500ms`, `60s`, `2m` or `1h`; at least 1ms, at most 24h.",
    about:
      "Times are written with their unit, since a bare number says neither seconds nor minutes.",
  },
  SC207: {
    kind: "schema",
    message: "{what} must not be empty.",
    hint: "{advice}",
    about: "An empty list or text would match or allow nothing.",
  },
  SC208: {
    kind: "schema",
    message: "`{value}` is not {expected}.",
    hint: "{advice}",
    about: "A text does not have the form that its key needs.",
  },
  SC209: {
    kind: "schema",
    message: "{what} must be a size from {min} to {max}, but is {found}.",
    hint: "Write a whole number and a unit: `512B`, `64KiB` or `4MiB`.",
    about:
      "Sizes are written with their unit, since a bare number does not say it. 1 KiB is 1,024 bytes.",
  },
  SC210: {
    kind: "schema",
    message:
      "{what} must be a number from {min} to {max} with at most {places} decimals, but is {value}.",
    hint: "Write it in full and without quotes, such as `{example}`.",
    about:
      "Money is counted in whole billionths, so that no sum is ever rounded. A price is for a million tokens, so its thousandths are billionths for each.",
  },
  SC211: {
    kind: "schema",
    message: "`{value}` is an address inside a range, with a prefix that cuts it off.",
    hint: "Write `{network}` for the whole range, or `{address}` for that address alone.",
    about:
      "Behind the prefix of a range of addresses all bits are zero. Where they are not, it is unclear which of the two was meant.",
  },
  SC212: {
    kind: "schema",
    message: "`{value}` cannot be an origin of web pages that may call: {reason}.",
    hint: "{advice}",
    about:
      "Browsers ask the gateway whether a page may call it, by the page's origin: scheme, host and port. Only origins that are written in full may.",
  },
  SC213: {
    kind: "schema",
    message: "The path of the Unix socket {path} has {bytes} bytes; at most {most} can be.",
    hint: "Let the agent listen at a shorter path.",
    about: "The operating system has room for no longer one.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;

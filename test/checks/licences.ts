// Which licences our dependencies may have, and how an SPDX expression is judged by them.

/** Licences that ask for no more than to keep their notice. */
export const permissive: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "PSF-2.0",
  "Python-2.0",
  "Unlicense",
]);

/**
 * Whether an SPDX expression can be met by permissive licences alone: every part of an `AND`, one
 * part of an `OR`. Nested parentheses are not used by any of our dependencies and are refused.
 */
export function isPermissive(expression: string): boolean {
  const bare = expression.replace(/^\((.*)\)$/, "$1");
  if (/[()]/.test(bare)) return false;
  return bare
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((name) => permissive.has(name.trim())));
}

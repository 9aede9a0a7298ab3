// Codes of texts that are not YAML as Smart Call reads it.

import type { CodeRow } from "./row.ts";

/** Rows of the table of codes. */
export const syntaxCodes = {
  SC101: {
    kind: "syntax",
    message: "This is not valid YAML: {problem}.",
    hint: "{advice}",
    about:
      "The text breaks the rules of YAML, so what follows it cannot be trusted. The file's other checks are done once this is put right. A `·` in the line shown is a character that looks like a space, such as U+00A0 from a web page, or cannot be seen: write a space, or nothing.",
  },
  SC102: {
    kind: "syntax",
    message: "The key `{key}` is written twice; first on {first}.",
    hint: "Keep one of the two.",
    about: "YAML tools disagree about which of two equal keys counts, so neither is taken.",
  },
  SC103: {
    kind: "syntax",
    message: "A tab is used to indent.",
    hint: "Indent with spaces.",
    about: "YAML allows only spaces before the first word of a line.",
  },
  SC104: {
    kind: "syntax",
    message: "A second document begins here.",
    hint: "Remove the line `---`, or put what follows into a file of its own in a folder.",
    about: "One file holds one YAML document. To split a mesh, give a folder of files.",
  },
  SC105: {
    kind: "syntax",
    message: "The alias `*{name}` has no anchor `&{name}` above it.",
    hint: "Write `&{name}` before the value that you want to use again; that value must end above the alias.",
    about: "An alias repeats a value that was marked with an anchor earlier in the same file.",
  },
  SC106: {
    kind: "syntax",
    message: "With its aliases written out, this file has more than {limit} values.",
    hint: "Use fewer aliases of aliases.",
    about:
      "A few lines of nested aliases can stand for billions of values; such a file is refused.",
  },
  SC107: {
    kind: "syntax",
    message: "The file is empty.",
    hint: "A mesh needs at least `mesh: NAME` and `agents:`.",
    about: "An empty file is most often one that is being written, so it never means “no routes”.",
  },
  SC108: {
    kind: "syntax",
    message: "`<<` merges mappings only.",
    hint: "Write `<<: *name`, where `&name` marks a mapping.",
    about: "The merge key takes over the keys of a mapping, or of a list of mappings.",
  },
  SC109: {
    kind: "syntax",
    message: "The tag `{tag}` has no meaning here.",
    hint: "Remove it.",
    about: "Only YAML's own types are known: texts, numbers, true and false, lists and mappings.",
  },
  SC110: {
    kind: "syntax",
    message: "A key must be a plain word.",
    hint: "Write `key: value`. A value that begins with { or [ goes after the colon, or in quotes.",
    about: "YAML lets a list or a mapping be a key; the language of `mesh.yaml` does not.",
  },
  SC111: {
    kind: "syntax",
    message: "Values are nested more than {limit} deep.",
    hint: "Check the brackets; nothing in `mesh.yaml` is this deep.",
    about: "Nesting is bounded, so that no file can exhaust the control plane.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;

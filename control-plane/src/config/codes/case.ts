// Codes of files of test cases.

import type { CodeRow } from "./row.ts";

/** Rows of the table of codes. */
export const caseCodes = {
  SC701: {
    kind: "case",
    message: "{path} does not exist, so there is no case to run.",
    hint: "Write cases into it, or name another file or folder with `--cases`.",
    about:
      "`smartcall test` takes the cases of `mesh.yaml` from `mesh.test.yaml` beside it, and those of a folder from its files that end in `.test.yaml`.",
  },
  SC702: {
    kind: "case",
    message: "There is no case in {path}.",
    hint: "Begin with `cases:` and a list.",
    about: "A file of test cases is empty, or a folder has no file that ends in `.test.yaml`.",
  },
  SC703: {
    kind: "case",
    message: "Two cases have the name `{case}`; the first is on {place}.",
    hint: "Give each case a name of its own.",
    about: "A case is reported by its name.",
  },
  SC704: {
    kind: "case",
    message: "`callers` does not list `{name}`.",
    hint: "{advice}",
    about: "A case can name a caller of the same file, or `none` for one without a token.",
  },
  SC705: {
    kind: "case",
    message: "The case `{case}` expects `{agent}` to answer, which the mesh does not list.",
    hint: "{advice}",
    about: "Only agents of the mesh can answer.",
  },
  SC706: {
    kind: "case",
    message: "The case `{case}` expects the route `{route}`, which the mesh does not have.",
    hint: "{advice}",
    about:
      "A case can name the routes of the mesh, and `default:AGENT` for an agent that no route names.",
  },
  SC707: {
    kind: "case",
    message: "`{key}` does not go with `{other}`.",
    hint: "{advice}",
    about: "Two keys of a case contradict each other, or say the same twice.",
  },
  SC708: {
    kind: "case",
    message: "{where} needs one of `{one}` and `{other}`.",
    hint: "Write one of the two.",
    about: "A call goes to an agent or to a path, and is answered or refused.",
  },
} as const satisfies Readonly<Record<string, CodeRow>>;

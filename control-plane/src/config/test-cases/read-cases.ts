// Reads the files of a mesh's test cases, and finds everything that is wrong with them.

import { readCaseFiles } from "../../source/files/read-mesh-files.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { fileDiagnostic } from "../file-diagnostics.ts";
import { prettyDiagnostic } from "../pretty.ts";
import { problem } from "../problem.ts";
import type { Known } from "./check-case.ts";
import { parseCases } from "./parse-cases.ts";
import type { TestCase } from "./test-case.ts";

/** The cases, or the reasons why there are none. */
export type CasesRead =
  | { readonly ok: true; readonly cases: readonly TestCase[] }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** A diagnostic with its line and caret, for a person. */
      show(diagnostic: Diagnostic, colour?: boolean): string;
    };

/** Reads a file of cases, or a folder's files of them. */
export async function readCases(path: string, known: Known): Promise<CasesRead> {
  const read = await readCaseFiles(path);
  if (read.kind === "unreadable") {
    const at = { file: path, line: 1, column: 1 };
    const { kind } = read.problem;
    const none =
      kind === "missing"
        ? problem("SC701", at, { path })
        : kind === "empty-folder"
          ? problem("SC702", at, { path })
          : fileDiagnostic(read.problem);
    const show = (diagnostic: Diagnostic, colour = false): string =>
      prettyDiagnostic(diagnostic, undefined, { colour });
    return { ok: false, diagnostics: [none], show };
  }
  const texts = new Map(read.files.map(({ name, text }) => [name, text]));
  const show = (diagnostic: Diagnostic, colour = false): string =>
    prettyDiagnostic(diagnostic, texts.get(diagnostic.at.file), { colour });
  const parsed = parseCases(read.files, known);
  return parsed.ok ? parsed : { ...parsed, show };
}

// Turns the text of files of test cases into cases, or into all that is wrong with them.

import type { SourceFile } from "../../source/files/mesh-files.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { inOrder } from "../parse-mesh.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import type { Located } from "../schema/collections.ts";
import { readPart } from "../schema/type.ts";
import { readDocument } from "../yaml/read-document.ts";
import { checkCase, type Known } from "./check-case.ts";
import { caseFile } from "./language.ts";
import type { TestCase } from "./test-case.ts";

/** Cases without errors, or the reasons why there are none. */
export type CasesParsed =
  | { readonly ok: true; readonly cases: readonly TestCase[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads and checks files of test cases against what a mesh has; cases come in their order. */
export function parseCases(files: readonly SourceFile[], known: Known): CasesParsed {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (found) => {
    diagnostics.push(found);
  };
  const names = new Map<string, Located<string>>();
  const cases = files.flatMap(({ name: file, text }) => {
    if (text.trim() === "") {
      report(problem("SC702", { file, line: 1, column: 1 }, { path: file }));
      return [];
    }
    const tree = readDocument(file, text, report);
    const read = tree && readPart(caseFile, tree, "the file", report);
    return (read?.cases ?? []).flatMap(({ value }) => {
      const { name } = value;
      const earlier = names.get(name.value);
      if (earlier !== undefined && name.value !== "") {
        const place = placeOf(earlier.at, name.at);
        report(problem("SC703", name.at, { case: name.value, place }));
      }
      names.set(name.value, earlier ?? name);
      return checkCase(value, read ?? none, known, report) ?? [];
    });
  });
  if (diagnostics.length > 0) return { ok: false, diagnostics: inOrder(diagnostics, files) };
  return { ok: true, cases };
}

const none = { callers: new Map() };

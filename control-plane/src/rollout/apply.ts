// An operator sends a mesh's files: checked, staged, taken by every gateway, then saved.

import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkMesh } from "../config/index.ts";
import { maxMeshBytes, type SourceFile } from "../source/files/mesh-files.ts";
import { hashOfFiles, isMeshFile } from "../source/files/read-mesh-files.ts";
import { prepareReplacement } from "../source/files/replace-files.ts";
import type { Origin } from "../source/origin.ts";
import type { Outcome, Serving } from "./serving.ts";

/** What an operator is told, in this order; the last is `saved`, `unchanged` or `refused`. */
export type ApplyStep =
  | { readonly step: "checked"; readonly hash: string; readonly warnings: readonly string[] }
  | { readonly step: "staged"; readonly node: string }
  /** `silent` gateways have been given it, and have not answered yet. */
  | {
      readonly step: "acked";
      readonly nodes: readonly string[];
      readonly silent?: readonly string[];
      /** Gateways that refuse a part of it, as they did before. */
      readonly refusing?: readonly string[];
    }
  /** `problems`: what those gateways refuse that are in `refusing`. */
  | {
      readonly step: "saved";
      readonly hash: string;
      readonly refusing?: readonly string[];
      readonly problems?: readonly string[];
    }
  | { readonly step: "unchanged" }
  | {
      readonly step: "refused";
      /** `server`: it cannot be done at this moment, or not be saved. */
      readonly by: "check" | "gateway" | "server";
      readonly problems: readonly string[];
      readonly node?: string;
      /** Gateways that are not back on what they had. */
      readonly astray?: readonly string[];
      /** Envoy's words. */
      readonly envoy?: string;
      readonly at?: Origin;
    };

/** What applying needs. */
export interface ApplyOptions {
  readonly serving: Pick<Serving, "busy" | "change" | "refusing" | "served" | "standing">;
  /** The file or folder that describes the mesh. */
  readonly path: string;
  readonly now: () => Date;
}

/** What an operator sends. */
export interface SentMesh {
  /** Named as their sender names them. */
  readonly files: readonly SourceFile[];
  /** Whether they are all that is in a folder. A single file never stands for one. */
  readonly folder: boolean;
}

/** Applies what was sent; tells each step. Never rejects. */
export type Apply = (sent: SentMesh, who: string, tell: (step: ApplyStep) => void) => Promise<void>;

/** Applies one change at a time; another that comes meanwhile is refused. */
export function createApply({ serving, path, now }: ApplyOptions): Apply {
  let applying: string | undefined;

  const apply: Apply = async (sent, who, tell) => {
    const placed = await placeFiles(path, sent);
    if (!placed.ok) return tell(refused("check", placed.problem));
    const { hash } = placed;
    // Whoever reads the answer knows the files by the names that they sent.
    const named = (text: string): string =>
      [...placed.sent].reduce((all, [name, sent]) => all.replaceAll(name, sent), text);
    const checked = await checkMesh({ kind: "files", files: placed.files, hash }, now());
    if (!checked.ok) return tell(refused("check", ...checked.problems.map(named)));
    tell({ step: "checked", hash, warnings: checked.found.warnings.map(named) });
    const before = serving.served();
    const { refused: standing, staged: other } = serving.standing();
    // A gateway that refuses a part of it is asked once more.
    const whole = standing === undefined && other === undefined && serving.refusing().length === 0;
    if (before.from.hash === hash && whole) return tell({ step: "unchanged" });
    if (serving.busy()) return tell(refused("server", busy));

    const replacement = await prepareReplacement(path, placed.files);
    if (!replacement.ok) return tell(refused("server", replacement.problem));
    const outcome = await new Promise<Outcome>((ended) => {
      const staged = (node: string): void => tell({ step: "staged", node });
      serving.change(checked.found, { who, what: "apply" }, { staged, ended });
    });
    if (outcome.kind !== "taken") {
      await replacement.discard();
      return tell(refusedStep(outcome, named));
    }
    const { nodes, silent, refusing } = outcome;
    const not = refusing.length > 0 && { refusing };
    tell({ step: "acked", nodes, ...(silent.length > 0 && { silent }), ...not });
    const problem = await replacement.commit();
    if (problem === undefined) {
      const problems = outcome.problems.map(named);
      return tell({ step: "saved", hash, ...not, ...(not && { problems }) });
    }
    // What is served must be what a restart will find.
    const { config, from, restored, warnings } = before;
    const found = { config, from, restored, warnings, named: before.named() };
    serving.change(found, { who, what: "apply" });
    return tell(refused("server", problem));
  };
  return async (sent, who, tell) => {
    if (applying !== undefined) {
      return tell(
        refused("server", `${applying} is applying another change: try again when it is done.`),
      );
    }
    applying = who;
    try {
      await apply(sent, who, tell);
    } finally {
      applying = undefined;
    }
  };
}

const busy =
  "Another change is on its way to the gateways: try again when it is done, in some seconds.";

function refused(by: "check" | "server", ...problems: readonly string[]): ApplyStep {
  return { step: "refused", by, problems };
}

function refusedStep(
  outcome: Exclude<Outcome, { kind: "taken" }>,
  named: (text: string) => string,
): ApplyStep {
  if (outcome.kind === "superseded") {
    return refused("server", "The files were saved while this was on its way, and that counts.");
  }
  const { at, problems, refusal, astray } = outcome;
  const place = at && { at: { ...at, file: named(at.file) } };
  const told = problems.map(named);
  if (refusal.by !== "gateway") {
    const late = astray.length > 0 && { astray };
    return { step: "refused", by: "gateway", problems: told, ...late };
  }
  const { node, resources } = refusal;
  const envoy = resources.map(({ message }) => message).join("\n");
  const not = astray.length > 0 && { astray };
  return { step: "refused", by: "gateway", problems: told, node, envoy, ...place, ...not };
}

type Placed =
  | {
      readonly ok: true;
      /** Sorted by name. */
      readonly files: readonly SourceFile[];
      readonly hash: string;
      /** The name of each as it was sent. */
      readonly sent: ReadonlyMap<string, string>;
    }
  | { readonly ok: false; readonly problem: string };

/** The files at the places that they are to have. */
async function placeFiles(path: string, { files, folder }: SentMesh): Promise<Placed> {
  const bytes = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  if (bytes > maxMeshBytes) {
    return { ok: false, problem: `The files are larger than ${maxMeshBytes / 1024 / 1024} MiB.` };
  }
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder) {
    const [only, ...others] = files;
    if (only === undefined || others.length > 0) {
      const problem = `This mesh is described by one file, ${basename(path)}, and ${files.length} were sent.`;
      return { ok: false, problem };
    }
    return placed([only], () => path);
  }
  if (!folder) {
    // Whatever else is in the folder would be taken away.
    const problem =
      "This mesh is described by a folder, and one file was sent: apply the whole folder, such as `smartcall apply mesh/`.";
    return { ok: false, problem };
  }
  const wrong = files.find(({ name }) => basename(name) !== name || !isMeshFile(name));
  if (wrong !== undefined || files.length === 0) {
    const what = wrong === undefined ? "no file was sent" : `\`${wrong.name}\` is none`;
    const problem = `This mesh is described by a folder: send the names of its .yaml files, without a path; ${what}.`;
    return { ok: false, problem };
  }
  if (new Set(files.map(({ name }) => name)).size < files.length) {
    return { ok: false, problem: "A file was sent twice." };
  }
  return placed(files, (name) => join(path, name));
}

function placed(files: readonly SourceFile[], place: (name: string) => string): Placed {
  const sent = new Map(files.map(({ name }) => [place(name), name]));
  const sorted = files
    .map(({ name, text }) => ({ name: place(name), text }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ok: true, files: sorted, hash: hashOfFiles(sorted), sent };
}

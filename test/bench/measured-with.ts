// On what machine, with what versions and when figures were measured.
import { execFileSync } from "node:child_process";
import { findEnvoy } from "@smartcall/envoy";
import { root } from "../checks/repository.ts";
import { machine } from "./report.ts";

/** What figures hold for. */
export interface Setting {
  readonly machine: string;
  /** ISO 8601. */
  readonly date: string;
  /** Such as `1.40.0`; absent where there is none. */
  readonly envoy?: string;
  /** Of the sources, with `, changed` where files differ from it; absent where there is none. */
  readonly commit?: string;
}

/** That of this moment. */
export async function setting(): Promise<Setting> {
  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  const commit = git("rev-parse", "HEAD");
  const isChanged = git("status", "--porcelain", "--untracked-files=no") !== "";
  return {
    machine: machine(),
    date: new Date().toISOString(),
    ...(found.ok && { envoy: found.binary.version }),
    ...(commit !== undefined && { commit: isChanged ? `${commit}, changed` : commit }),
  };
}

/** One line for people. */
export function settingLine({ commit, date, envoy, machine: on }: Setting): string {
  const sources = commit === undefined ? [] : [`commit ${commit.replace(/^(.{12})\w+/, "$1")}`];
  return [on, `Envoy ${envoy ?? "not found"}`, date, ...sources].join(", ");
}

/** What git says; undefined where it fails, as it does outside of a checkout. */
function git(...args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}

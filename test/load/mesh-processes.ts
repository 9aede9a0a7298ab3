// The processes of a mesh that runs, each by the name that people know it by.
import { processesMarked } from "../harness/processes.ts";

/** One of them. */
export interface NamedProcess {
  readonly pid: number;
  readonly name: string;
}

/** All that run of the mesh with the mark: those of one name one after another. */
export function meshProcesses(mark: string): readonly NamedProcess[] {
  return processesMarked(mark)
    .map(({ pid, command }) => ({ pid, name: nameOf(command) }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.pid - b.pid);
}

function nameOf(command: string): string {
  return names.find(([pattern]) => pattern.test(command))?.[1] ?? command.slice(0, 60);
}

const names: readonly (readonly [RegExp, string])[] = [
  [/smartcall\.js up/, "smartcall up"],
  [/control-plane\/dist\/main\.js/, "control plane"],
  [/services\/quota\/dist\/main\.js/, "quota"],
  [/services\/realtime\/dist\/main\.js/, "realtime"],
  [/--config-path bootstrap\.json/, "a sidecar"],
  [/--config-path .*edge\.json/, "the edge"],
  [/echo\.js/, "echo"],
];

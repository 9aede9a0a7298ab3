// The processes of a mesh that runs, each by what it is there for.
import { parentOf, processesMarked } from "../harness/processes.ts";
import { roleOf } from "./role.ts";

/** One of them. */
export interface NamedProcess {
  readonly pid: number;
  readonly name: string;
}

/** All that run of the mesh with the mark: those of one name one after another. */
export function meshProcesses(mark: string): readonly NamedProcess[] {
  const found = processesMarked(mark);
  return found
    .map(({ pid, command }) => {
      const parent = found.find((each) => each.pid === parentOf(pid));
      return { pid, name: roleOf(command, parent?.command) };
    })
    .sort((a, b) => a.name.localeCompare(b.name) || a.pid - b.pid);
}

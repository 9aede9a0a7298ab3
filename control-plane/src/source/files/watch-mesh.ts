// Watches the file or folder that describes the mesh.

import { foldersToWatch } from "./folders-to-watch.ts";
import type { MeshFiles } from "./mesh-files.ts";
import { readMeshFiles } from "./read-mesh-files.ts";
import { standardTimes, type Watching, watchContent } from "./watch-content.ts";

/**
 * Tells what stands at `path` at once, and again each time that its content changes.
 *
 * A rename over the file, an exchanged link, a deleted folder that comes back: all
 * are noticed. What cannot be read is told as `unreadable`, never as no files.
 */
export function watchMesh(
  path: string,
  onChange: (files: MeshFiles) => void,
  times = standardTimes,
): Watching {
  return watchContent<MeshFiles>(
    {
      folders: () => foldersToWatch(path),
      read: () => readMeshFiles(path),
      keyOf: (read) => (read.kind === "files" ? read.hash : JSON.stringify(read.problem)),
      isDoubtful: (read) =>
        read.kind === "unreadable" || read.files.some(({ text }) => text.trim() === ""),
      onChange,
    },
    times,
  );
}

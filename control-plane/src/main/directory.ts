// What callers are told of the mesh, and what it is told from.

import type { Server } from "@grpc/grpc-js";
import { steadyClock } from "@smartcall/runtime";
import {
  createDocuments,
  type KnownAgent,
  knownAgents,
  serveDirectory,
  serveReflection,
} from "../directory/index.ts";
import type { Mesh } from "../model/mesh.ts";
import { meshesOfVersions, type Present, type Serving } from "../rollout/index.ts";
import type { InstanceView } from "../source/leases/index.ts";
import type { JoinedBy } from "../state/index.ts";

/** What the directory is told from. */
export interface DirectoryParts {
  readonly joinedBy: JoinedBy;
  readonly serving: Pick<Serving, "served">;
  /** What runs of a version at present. */
  readonly present: Present;
  readonly instances: () => readonly InstanceView[];
}

/** For how long what is known is told as it was: of thousands of readers each costs little. */
const keptMs = 250;

interface Kept {
  readonly at: number;
  readonly mesh: Mesh;
  readonly agents: readonly KnownAgent[];
}

/** Serves the directory to gateways; what comes back is the document for operators. */
export function openDirectory(server: Server, parts: DirectoryParts): () => string {
  const { instances, joinedBy, serving } = parts;
  const meshOf = meshesOfVersions(parts.present);
  const document = createDocuments();
  let kept: Kept | undefined;
  const present = (): Kept => {
    if (kept === undefined || steadyClock.now() - kept.at > keptMs) {
      const mesh = meshOf(serving.served());
      kept = { at: steadyClock.now(), mesh, agents: knownAgents(mesh, instances()) };
    }
    return kept;
  };
  const agents = (): readonly KnownAgent[] => present().agents;
  const describe = (seen: readonly KnownAgent[], url?: string): string => {
    const { gateway, name } = present().mesh;
    return document({
      mesh: name,
      agents: seen,
      docs: gateway.docs,
      ...(url !== undefined && { url }),
    });
  };
  serveDirectory(server, { joinedBy, agents, document: describe });
  serveReflection(server, { joinedBy, agents });
  return () => {
    const { gateway } = present().mesh;
    return describe(agents(), `https://localhost:${gateway.https.port}`);
  };
}

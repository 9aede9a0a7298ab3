// A client of one mesh.
import { type AgentClient, createAgent } from "./agent.ts";
import { type AgentInfo, readAgent } from "./agent-info.ts";
import { inScope } from "./call.ts";
import { objectsAt, textAt } from "./json.ts";
import {
  type CallOptions,
  type ClientOptions,
  createWire,
  type Surroundings,
  type Wire,
} from "./options.ts";
import { jsonOf, request } from "./request.ts";

/** Calls the agents of a mesh. It holds nothing that must be closed. */
export class MeshClient {
  readonly #wire: Wire;

  /** Throws TypeError for options that make no sense. */
  constructor(options: ClientOptions, around: Surroundings) {
    this.#wire = createWire(options, around);
  }

  /** An agent, by its name. */
  agent(name: string): AgentClient {
    return createAgent(this.#wire, name);
  }

  /** All agents that the caller may call, sorted by name. Throws SmartCallError. */
  async agents(options: CallOptions = {}): Promise<readonly AgentInfo[]> {
    return await inScope(this.#wire, options, async (call) => {
      const found: AgentInfo[] = [];
      let page = "";
      for (;;) {
        const query = page === "" ? "" : `&pageToken=${encodeURIComponent(page)}`;
        const asked = { method: "GET", path: `/v1/agents?pageSize=500${query}` } as const;
        const read = await request(
          this.#wire,
          { ...asked, accept: "application/json" },
          call,
          jsonOf,
        );
        found.push(...objectsAt(read, "agents").map(readAgent));
        const next = textAt(read, "nextPageToken");
        // A page that is followed by itself is the last: asking on would never end.
        if (next === "" || next === page) return found;
        page = next;
      }
    });
  }
}

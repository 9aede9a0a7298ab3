// Envoy's access log as it is written: which route took each call.

/** The lines of an access log, by the ids of their requests. */
export interface AccessLog {
  /** Takes in what was written next. */
  read(text: string): void;
  /** The name of the route that a request took; undefined where it took none, or is not written yet. */
  routeOf(requestId: string): string | undefined;
  /** Whether the request is written. */
  has(requestId: string): boolean;
}

/** A log that is empty yet. */
export function createAccessLog(): AccessLog {
  const routes = new Map<string, string>();
  let rest = "";
  return {
    read(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const entry = parse(line);
        const id = entry?.get("requestId");
        if (typeof id === "string") routes.set(id, String(entry?.get("route") ?? ""));
      }
    },
    routeOf: (id) => routes.get(id) || undefined,
    has: (id) => routes.has(id),
  };
}

function parse(line: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return new Map(Object.entries(Object(entry)));
  } catch {
    return undefined;
  }
}

// Where a node is, so that it calls instances of its own zone first.

/** The parts of a bootstrap that say it; none without a zone. */
export interface ZoneParts {
  /** Of `node`. */
  readonly node: object;
  /** Of the bootstrap itself. */
  readonly bootstrap: object;
  /** Static clusters. */
  readonly clusters: readonly object[];
}

/**
 * Envoy compares the zones of an agent's instances with those of its own fleet. Here
 * that is one node, this one: each keeps its own calls in its zone, whatever the others
 * do. Nothing is ever sent to that one's address.
 */
export function zoneParts(zone: string | undefined): ZoneParts {
  if (zone === undefined || zone === "") return { node: {}, bootstrap: {}, clusters: [] };
  const locality = { zone };
  const address = { socket_address: { address: "127.0.0.1", port_value: 1 } };
  return {
    node: { locality },
    bootstrap: { cluster_manager: { local_cluster_name: ownFleet } },
    clusters: [
      {
        name: ownFleet,
        type: "STATIC",
        connect_timeout: "1s",
        load_assignment: {
          cluster_name: ownFleet,
          endpoints: [{ locality, lb_endpoints: [{ endpoint: { address } }] }],
        },
      },
    ],
  };
}

// No agent can have this name: theirs have no colon.
const ownFleet = "smartcall:own-zone";

// Each agent's instances as the endpoints of its cluster.

import { create } from "@bufbuild/protobuf";
import {
  type Address,
  AddressSchema,
} from "@smartcall/envoy/api/envoy/config/core/v3/address_pb.js";
import {
  type ClusterLoadAssignment,
  ClusterLoadAssignmentSchema,
} from "@smartcall/envoy/api/envoy/config/endpoint/v3/endpoint_pb.js";
import type { Agent, Mesh } from "../model/mesh.ts";
import type { Instance, InstanceAddress } from "../source/instance.ts";
import { type Described, madeOf } from "./described.ts";
import { endpointsName } from "./endpoints-name.ts";
import { reachOfEndpoint } from "./reach.ts";
import { withStandIns } from "./stand-ins.ts";

/** The endpoints of each agent; an agent without instances has an empty list. */
export function endpoints(mesh: Mesh): readonly Described<ClusterLoadAssignment>[] {
  const stoodInFor = withStandIns(mesh);
  return mesh.agents.map((agent) => {
    const { instances, name, origin } = agent;
    const list = { name: endpointsName(agent), origin };
    return stoodInFor.has(name) && !instances.some(({ healthy }) => healthy)
      ? madeOf(list, "nobody", () => nobody(agent))
      : madeOf(list, instances, () => assignment(agent));
  });
}

/**
 * An agent that cannot answer, where another does instead. Envoy asks another only after a
 * try, and tries nothing where there is no instance: so there is one that refuses at once.
 */
function nobody(agent: Agent): ClusterLoadAssignment {
  const address = addressOf({ kind: "unix", path: "@smartcall/nobody" });
  return create(ClusterLoadAssignmentSchema, {
    clusterName: endpointsName(agent),
    endpoints: [
      { lbEndpoints: [{ hostIdentifier: { case: "endpoint" as const, value: { address } } }] },
    ],
  });
}

/**
 * Those that are healthy. Of the others Envoy would count those in that it may leave alone, and
 * leave the last healthy one alone; and it would ask them where it leaves all alone. What an
 * instance has begun goes on when it is an endpoint no more.
 */
function assignment(agent: Agent): ClusterLoadAssignment {
  const healthy = agent.instances.filter((instance) => instance.healthy);
  const zones = [...new Set(healthy.map((instance) => instance.zone))].sort();
  return create(ClusterLoadAssignmentSchema, {
    clusterName: endpointsName(agent),
    endpoints: zones.map((zone) => ({
      locality: { zone },
      lbEndpoints: healthy.filter((instance) => instance.zone === zone).map(endpoint),
    })),
  });
}

function endpoint(instance: Instance) {
  return {
    ...reachOfEndpoint(instance),
    hostIdentifier: {
      case: "endpoint" as const,
      value: { address: addressOf(instance.address) },
    },
  };
}

/** Where Envoy connects to. */
export function addressOf(address: InstanceAddress): Address {
  if (address.kind === "unix") {
    return create(AddressSchema, { address: { case: "pipe", value: { path: address.path } } });
  }
  return create(AddressSchema, {
    address: {
      case: "socketAddress",
      value: {
        address: address.host,
        portSpecifier: { case: "portValue", value: address.port },
      },
    },
  });
}

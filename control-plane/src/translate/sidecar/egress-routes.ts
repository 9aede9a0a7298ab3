// Which host a call of an agent's programs goes to, by the first part of its path.

import { isIPv6 } from "node:net";
import { create } from "@bufbuild/protobuf";
import {
  type RouteConfiguration,
  RouteConfigurationSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import type { Egress } from "../../model/egress.ts";
import type { EnvoyRoute, RouteMatch } from "../call-match.ts";
import type { Described } from "../described.ts";
import { milliseconds } from "../message.ts";
import type { Refusal } from "../refusal.ts";
import { routeMetadata } from "../route-metadata.ts";
import { egressClusterName, egressNames } from "./egress-names.ts";

/**
 * The routes of one agent. Only programs that mean this address are let out: a page in a
 * browser on this machine says that it is one, and a name that someone else's DNS gives to
 * this address is not this address's name.
 *
 * @param egress what it may call
 * @param others what is named, and not for it
 */
export function egressRoutes(
  agent: string,
  egress: readonly Egress[],
  others: readonly Egress[],
): Described<RouteConfiguration> {
  const named = egress.flatMap(routesTo);
  const refused = others.flatMap(({ name }) =>
    pathsOf(name).map(({ match }) => refusing(match, notForIt(name, agent))),
  );
  return {
    name: egressNames.routes,
    leadsTo: egress.map(({ name }) => egressClusterName(name)),
    parts: [
      ...fromPages.map(() => undefined),
      ...egress.flatMap(({ name, origin }) => pathsOf(name).map(() => origin)),
      ...others.flatMap(({ name, origin }) => pathsOf(name).map(() => origin)),
      undefined,
      undefined,
    ],
    message: create(RouteConfigurationSchema, {
      name: egressNames.routes,
      virtualHosts: [
        {
          name: "here",
          domains: ["127.0.0.1", "localhost"],
          routes: [...fromPages, ...named, ...refused, refusing(anything, notNamed(agent))],
        },
        {
          name: "elsewhere",
          domains: ["*"],
          routes: [elsewhere(agent)],
        },
      ],
      // One that goes to a cluster not yet there answers 503 until it is.
      validateClusters: false,
    }),
  };
}

function routesTo({ host, name, port, timeoutMs }: Egress): readonly EnvoyRoute[] {
  const literal = isIPv6(host) ? `[${host}]` : host;
  return pathsOf(name).map(({ match }) => ({
    name,
    match,
    metadata: routeMetadata(undefined, undefined, false, { egress: name }),
    action: {
      case: "route",
      value: {
        clusterSpecifier: { case: "cluster", value: egressClusterName(name) },
        prefixRewrite: "/",
        hostRewriteSpecifier: {
          case: "hostRewriteLiteral",
          value: port === 443 ? literal : `${literal}:${port}`,
        },
        timeout: milliseconds(timeoutMs),
        // A model may think for long before it says the next word.
        idleTimeout: milliseconds(timeoutMs),
        // Nothing that a host may have begun to do is asked for twice: programs do that themselves.
        retryPolicy: { retryOn: "connect-failure,refused-stream", numRetries: 2 },
      },
    },
  }));
}

function pathsOf(name: string): readonly { readonly match: RouteMatch }[] {
  return [
    { match: { pathSpecifier: { case: "prefix", value: `/${name}/` } } },
    { match: { pathSpecifier: { case: "path", value: `/${name}` } } },
  ];
}

const anything: RouteMatch = { pathSpecifier: { case: "prefix", value: "/" } };

/** Browsers send one of these with all that a page asks for; programs send neither. */
const fromPages = ["origin", "sec-fetch-site"].map((name) =>
  refusing(
    {
      ...anything,
      headers: [{ name, headerMatchSpecifier: { case: "presentMatch", value: true } }],
    },
    { reason: "NOT_ALLOWED", message: "No web page may call out through an agent's sidecar." },
  ),
);

function refusing(match: RouteMatch, refusal: Refusal): EnvoyRoute {
  return {
    match,
    metadata: routeMetadata(undefined, refusal),
    action: { case: "directResponse", value: { status: 403 } },
  };
}

/** What is told of it names the host, which only the listener can put in. */
function elsewhere(agent: string): EnvoyRoute {
  const metadata = routeMetadata(agent, undefined, true);
  return { ...refusing(anything, notNamed(agent)), metadata };
}

function notNamed(agent: string): Refusal {
  return {
    reason: "EGRESS_NOT_NAMED",
    message:
      "No egress has this name: to call a host at /NAME, add to mesh.yaml " +
      `egress: [{ name: NAME, host: HOST, agents: [${agent}] }].`,
  };
}

function notForIt(name: string, agent: string): Refusal {
  return {
    reason: "EGRESS_NOT_NAMED",
    message: `The egress ${name} is not for this agent: add ${agent} to its agents in mesh.yaml.`,
  };
}

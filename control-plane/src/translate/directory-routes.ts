// What the control plane tells callers through the edge: the directory, the description, reflection.

import type { Any } from "@bufbuild/protobuf/wkt";
import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import {
  directoryPaths,
  directoryService,
  docsFiles,
  pagePolicy,
  reflectionScope,
  reflectionServices,
} from "../config/directory-paths.ts";
import type { Allow } from "../model/allow.ts";
import { type EnvoyRoute, headerIs, type RouteMatch } from "./call-match.ts";
import { bufferOff } from "./filters/buffer.ts";
import { jwtOptional } from "./filters/jwt.ts";
import { luaOff, luaPerRoute } from "./filters/lua.ts";
import { luaFramesOff } from "./filters/lua-frames.ts";
import { rbacPerRoute } from "./filters/rbac.ts";
import { transcoder } from "./filters/transcoder.ts";
import { milliseconds } from "./message.ts";
import { names } from "./names.ts";
import type { Refusal } from "./refusal.ts";
import { refusalRoute, restRefusals } from "./refusal-routes.ts";
import { directoryKey, routeMetadata } from "./route-metadata.ts";
import { otherTree } from "./route-tree.ts";
import type { RoutedMesh } from "./routed-mesh.ts";
import { scopeMissing } from "./table-refusals.ts";
import type { Door } from "./virtual-host.ts";

/** One agent's own page: its path is under the agents', so it stands among their routes. */
export function agentPage(): readonly EnvoyRoute[] {
  const value = { regex: `${names.restPath}[a-z0-9-]+` };
  return page("directory", { pathSpecifier: { case: "safeRegex", value } }, anyToken);
}

/** A host, and how many routes it has. */
export interface DirectoryHost {
  readonly door: Door;
  readonly routes: number;
}

/**
 * The hosts of all else. Each has few paths, which no agent's have in common, so that
 * a mesh of thousands of agents pays nothing for them.
 */
export function directoryHosts(
  { gateway }: RoutedMesh,
  contract: Uint8Array,
  preflights: readonly EnvoyRoute[],
): readonly DirectoryHost[] {
  const { agents, docs, document } = directoryPaths;
  const rest = [
    ...page("directory", exactly(agents), anyToken),
    ...(gateway.docs === undefined ? [] : description(gateway.docs)),
    ...restRefusals(),
  ];
  const grpc = [
    ...["ListAgents", "GetAgent"].map((method) =>
      grpcRoute("directory", exactly(`/${directoryService}/${method}`), anyToken),
    ),
    ...reflectionServices.map((each) =>
      grpcRoute("reflection", under(`/${each}/`), reflectors, {
        // Its callers ask again as they are answered.
        [names.lua]: luaPerRoute(answerMs, [`/${each}/ServerReflectionInfo`]),
      }),
    ),
    ...restRefusals(),
  ];
  const host = (routes: readonly EnvoyRoute[], door: Omit<Door, "matcher">): DirectoryHost => ({
    door: { ...door, matcher: otherTree({ preflights, others: routes }) },
    routes: routes.length,
  });
  return [
    host(rest, {
      name: "directory",
      // Envoy looks at the whole path here, its query included.
      domains: [...[agents, document, docs].flatMap((path) => [path, `${path}?*`]), `${docs}/*`],
      typedPerFilterConfig: {
        ...untouched,
        [names.transcoder]: transcoder(contract, [directoryService]),
      },
    }),
    host(grpc, {
      name: "grpc:directory",
      // Envoy knows hosts whatever the case of their letters.
      domains: [directoryService, ...reflectionServices].map((each) => `/${each.toLowerCase()}/*`),
      typedPerFilterConfig: untouched,
    }),
  ];
}

function description(readers: Allow): readonly EnvoyRoute[] {
  const { docs, document } = directoryPaths;
  return [
    ...page("openapi", exactly(document), readers),
    ...[docs, ...docsFiles.map((file) => `${docs}/${file}`)].flatMap((path) =>
      page("docs", exactly(path), readers, pageHeaders, asTheyAre),
    ),
  ];
}

const anyToken: Allow = { kind: "callers", scopes: [] };
const reflectors: Allow = { kind: "callers", scopes: [reflectionScope] };

/** What is for calls of agents only. */
const untouched = { [names.buffer]: bufferOff, [names.frames]: luaFramesOff };

/** Calls are answered by JSON and by events, and by nothing else. */
const asTheyAre = { [names.answer]: luaOff, [names.lua]: luaOff };

/** The longest that an answer of the control plane may take. */
const answerMs = 15_000;

/** The page, and the refusal of what is no reading of it. */
function page(
  name: string,
  match: RouteMatch,
  readers: Allow,
  responseHeadersToAdd: NonNullable<EnvoyRoute["responseHeadersToAdd"]> = [],
  filters: Readonly<Record<string, Any>> = {},
): readonly EnvoyRoute[] {
  return [
    {
      ...toControlPlane(name, readers),
      match: { ...match, headers: [headerIs(":method", "GET")] },
      responseHeadersToAdd,
      typedPerFilterConfig: { ...admitting(readers), ...filters },
      // They say nothing to a REST caller.
      responseHeadersToRemove: ["grpc-encoding", "grpc-accept-encoding"],
    },
    refusalRoute(match, onlyGet, undefined, {
      responseHeadersToAdd: [{ header: { key: "allow", value: "GET" } }],
    }),
  ];
}

function grpcRoute(
  name: string,
  match: RouteMatch,
  readers: Allow,
  filters: Readonly<Record<string, Any>> = {},
): EnvoyRoute {
  const typedPerFilterConfig = { ...admitting(readers), ...filters };
  return {
    ...toControlPlane(name, readers),
    match: { ...match, grpc: {} },
    typedPerFilterConfig,
  };
}

function toControlPlane(name: string, readers: Allow): EnvoyRoute {
  const scopes = readers.kind === "public" ? [] : readers.scopes;
  return {
    name,
    metadata: routeMetadata(undefined, scopeMissing(scopes), false, { [directoryKey]: true }),
    action: {
      case: "route",
      value: {
        clusterSpecifier: { case: "cluster", value: names.controlPlane },
        // No rule looks at the host that a caller names.
        hostRewriteSpecifier: { case: "hostRewriteLiteral", value: "control-plane" },
        timeout: milliseconds(answerMs),
      },
    },
    typedPerFilterConfig: admitting(readers),
  };
}

function admitting(readers: Allow): Readonly<Record<string, Any>> {
  if (readers.kind === "public") return { ...rbacPerRoute(readers), [names.jwt]: jwtOptional };
  // Whoever has a token: the filter before has seen to that.
  return rbacPerRoute(readers.scopes.length === 0 ? { kind: "public" } : readers);
}

function exactly(value: string): RouteMatch {
  return { pathSpecifier: { case: "path", value } };
}

function under(value: string): RouteMatch {
  return { pathSpecifier: { case: "prefix", value } };
}

const pageHeaders = [
  { key: "content-security-policy", value: pagePolicy },
  { key: "referrer-policy", value: "no-referrer" },
].map((header) => ({
  header,
  appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
}));

const onlyGet: Refusal = {
  reason: "METHOD_NOT_ALLOWED",
  message: "This path takes GET only.",
};

// One door of the edge: what holds for all who come by it, and that need not be said for each route.

import { HeaderValueOption_HeaderAppendAction } from "@smartcall/envoy/api/envoy/config/core/v3/base_pb.js";
import type { VirtualHostSchema } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import { largestRequest } from "@smartcall/protos";
import { standardScope, standardTimeoutMs } from "../config/language/route.ts";
import type { Bounds } from "../model/bounds.ts";
import { boundsOf, boundTexts } from "./bounds.ts";
import { pagePolicyHeaders } from "./filters/answer-headers.ts";
import { boundsOfTable } from "./filters/bounds.ts";
import { mostBuffered } from "./filters/buffer.ts";
import { corsOfTable } from "./filters/cors.ts";
import { expiryHeader } from "./filters/deadline.ts";
import { answerOfTable, luaPerRoute } from "./filters/lua.ts";
import { rbacOfTable } from "./filters/rbac.ts";
import { originsKey } from "./filters/socket-headers.ts";
import type { PartsOf } from "./message.ts";
import { names } from "./names.ts";
import { sidecarMarks, standardRetry } from "./retry.ts";
import { ofRoute, routeMetadata } from "./route-metadata.ts";
import type { RoutedMesh } from "./routed-mesh.ts";
import { hiddenHeaders } from "./sticky.ts";
import { scopeMissing } from "./table-refusals.ts";

type VirtualHost = PartsOf<typeof VirtualHostSchema>;

/** What tells one door from another. */
export type Door = Required<
  Pick<VirtualHost, "name" | "domains" | "matcher" | "typedPerFilterConfig">
>;

/** A door with all that the doors of a mesh have in common. */
export function virtualHost(
  mesh: RoutedMesh,
  { typedPerFilterConfig, ...door }: Door,
): VirtualHost {
  const bounds = boundsOf(mesh.gateway);
  const pages = mesh.gateway.corsOrigins;
  return {
    ...door,
    retryPolicy: standardRetry,
    // They are made from claims, for nobody but the gateway.
    requestHeadersToRemove: [
      names.subjectHeader,
      names.tokenIdHeader,
      expiryHeader,
      names.addressHeader,
      ...hiddenHeaders(mesh),
    ],
    // What most routes refuse by, for those that say nothing of it.
    metadata: routeMetadata(undefined, scopeMissing([standardScope]), false, {
      ...boundTexts(bounds),
      ...(pages === undefined ? {} : { [originsKey]: pages.join(",") }),
    }),
    requestBodyBufferLimit: mostBuffered(bounds),
    // Here, so that Envoy need not read them again for each route.
    requestHeadersToAdd: [
      overwrite(names.agentHeader, ofRoute.agent),
      certificateNames,
      ...largestMessage(bounds),
    ],
    // For the error envelope, which is written before Envoy itself adds it.
    responseHeadersToAdd: [
      overwrite("x-request-id", "%REQ(x-request-id)%"),
      // No cache gives one page the answer that names another.
      ...(pages === undefined ? [] : [{ header: { key: "vary", value: "origin" } }]),
    ],
    responseHeadersToRemove: [
      ...pagePolicyHeaders,
      names.reasonHeader,
      ...Object.values(sidecarMarks),
    ],
    typedPerFilterConfig: {
      ...typedPerFilterConfig,
      [names.bounds]: boundsOfTable(bounds),
      [names.rbac]: rbacOfTable(),
      [names.answer]: answerOfTable,
      [names.lua]: luaPerRoute(standardTimeoutMs),
      ...(pages && { [names.cors]: corsOfTable(pages) }),
    },
  };
}

/** Of the names of the client's certificate those that are URIs, or else those of hosts. */
const certificateNames = overwrite(
  names.certificateHeader,
  `%COALESCE(${JSON.stringify({
    operators: ["DOWNSTREAM_PEER_URI_SAN", "DOWNSTREAM_PEER_DNS_SAN"],
  })})%`,
);

/** For the agent's kit, which alone sees the messages of a conversation. */
function largestMessage({ bodyBytes }: Bounds) {
  return bodyBytes === largestRequest ? [] : [overwrite(names.largestHeader, `${bodyBytes}`)];
}

function overwrite(key: string, value: string) {
  return {
    header: { key, value },
    appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
  };
}

// The order of the HTTP filters.

import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import { JwtAuthenticationSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/jwt_authn/v3/config_pb.js";
import { RBACSchema } from "@smartcall/envoy/api/envoy/extensions/filters/http/rbac/v3/rbac_pb.js";
import {
  type HttpFilter,
  HttpFilterSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb.js";
import type { Bounds } from "../../model/bounds.ts";
import { fromControlPlane } from "../message.ts";
import { names } from "../names.ts";
import { answerHeaders } from "./answer-headers.ts";
import { bounds } from "./bounds.ts";
import { buffer } from "./buffer.ts";
import { callsAtOnce } from "./calls-at-once.ts";
import { cors } from "./cors.ts";
import { limitFilters } from "./limits.ts";
import { answer, lua } from "./lua.ts";
import { luaFrames } from "./lua-frames.ts";
import { luaUsage } from "./lua-usage.ts";
import { model } from "./model.ts";
import { quotaClosed, quotaEnd, quotaOpen } from "./quota.ts";
import { rbac } from "./rbac.ts";
import { router } from "./router.ts";
import { socketHeaders } from "./socket-headers.ts";
import { transcoderOff } from "./transcoder.ts";

/**
 * A request meets them in this order, its answer in the reverse: may the page call (a
 * preflight has no token), what is said of every answer, are there too many, is it too large; who calls, and was
 * that revoked, for which model, may they, how often, how long; then it is translated. So the
 * program for answers, which stands before what counts, sees what that says, and the agent's
 * errors as JSON.
 */
export function httpFilters(of: Bounds): HttpFilter[] {
  return [
    fixed(names.cors, cors),
    fixed(names.answerHeaders, answerHeaders),
    // After what lets a page read the refusal.
    fixed(names.callsAtOnce, callsAtOnce(of)),
    fixed(names.bounds, bounds),
    discovered(names.jwt, JwtAuthenticationSchema.typeName),
    discovered(names.denied, RBACSchema.typeName),
    { ...fixed(names.model, model), disabled: true },
    fixed(names.rbac, rbac),
    fixed(names.answer, answer),
    ...limitFilters().map(({ name, config }) => ({ ...fixed(name, config), disabled: true })),
    // Before what waits for an answer: meanwhile Envoy would stop reading a body that is too
    // large, and never come to refuse it.
    fixed(names.buffer, buffer),
    { ...fixed(names.quotaEnd, quotaEnd), disabled: true },
    { ...fixed(names.quotaClosed, quotaClosed), disabled: true },
    { ...fixed(names.quotaOpen, quotaOpen), disabled: true },
    fixed(names.lua, lua),
    fixed(names.transcoder, transcoderOff),
    fixed(names.frames, luaFrames),
    { ...fixed(names.usage, luaUsage), disabled: true },
    fixed(names.router, router),
  ];
}

/**
 * The same for a request that becomes a WebSocket. Limits and budgets count the turns that
 * come by it, each a call of its own; nothing is translated.
 *
 * @param listener see `listenerMark`
 */
export function socketFilters(listener: string): HttpFilter[] {
  return [
    fixed(names.answerHeaders, answerHeaders),
    fixed(names.bounds, bounds),
    discovered(names.jwtOfSockets, JwtAuthenticationSchema.typeName),
    discovered(names.denied, RBACSchema.typeName),
    fixed(names.rbac, rbac),
    fixed(names.socketHeaders, socketHeaders(listener)),
    fixed(names.router, router),
  ];
}

/** A filter that the listener holds. */
export function fixed(name: string, value: Any): HttpFilter {
  return create(HttpFilterSchema, { name, configType: { case: "typedConfig", value } });
}

/** A filter that changes while the listener does not: by ECDS. */
export function discovered(name: string, typeName: string): HttpFilter {
  return create(HttpFilterSchema, {
    name,
    configType: {
      case: "configDiscovery",
      value: {
        configSource: fromControlPlane(0),
        typeUrls: [`type.googleapis.com/${typeName}`],
      },
    },
  });
}

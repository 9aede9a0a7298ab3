// What is switched off where the edge answers by itself.

import type { Any } from "@bufbuild/protobuf/wkt";
import { names } from "../names.ts";
import { bufferOff } from "./buffer.ts";
import { luaOff } from "./lua.ts";
import { transcoderOff } from "./transcoder.ts";

/**
 * On a route of answers that the edge gives itself.
 *
 * Each filter's own switch, and not Envoy's `FilterConfig.disabled`: that one is
 * read from the route that a call had before its claims were known. The filter that waits for
 * whole messages needs none: what is not translated is noted as no stream.
 */
export const untranslated: Readonly<Record<string, Any>> = {
  [names.buffer]: bufferOff,
  [names.answer]: luaOff,
  [names.lua]: luaOff,
  [names.transcoder]: transcoderOff,
};

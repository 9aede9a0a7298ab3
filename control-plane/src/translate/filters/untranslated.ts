// What is switched off where the edge answers by itself.

import type { Any } from "@bufbuild/protobuf/wkt";
import { names } from "../names.ts";
import { bufferOff } from "./buffer.ts";
import { luaOff } from "./lua.ts";
import { luaFramesOff } from "./lua-frames.ts";
import { transcoderOff } from "./transcoder.ts";

/**
 * On a route of answers that the edge gives itself.
 *
 * Each filter's own switch, and not Envoy's `FilterConfig.disabled`: that one is
 * read from the route that a call had before its claims were known.
 */
export const untranslated: Readonly<Record<string, Any>> = {
  [names.buffer]: bufferOff,
  [names.lua]: luaOff,
  [names.transcoder]: transcoderOff,
  [names.frames]: luaFramesOff,
};

// What is switched off for requests that stay as they are.

import type { Any } from "@bufbuild/protobuf/wkt";
import { names } from "../names.ts";
import { bufferOff } from "./buffer.ts";
import { luaFramesOff } from "./lua-frames.ts";
import { transcoderOff } from "./transcoder.ts";

/**
 * On a route of native gRPC calls, and of answers that the edge gives itself.
 *
 * Each filter's own switch, and not Envoy's `FilterConfig.disabled`: that one is
 * read from the route that a call had before its claims were known.
 */
export const untranslated: Readonly<Record<string, Any>> = {
  [names.buffer]: bufferOff,
  [names.transcoder]: transcoderOff,
  [names.frames]: luaFramesOff,
};

// What a call used, as the edge is told it: the trailer by which budgets are charged.

import { Metadata } from "@grpc/grpc-js";
import type { Usage } from "./pieces.ts";

/** The trailer of every answer whose usage is known, however the answer ends. */
export const usageTrailer = "smartcall-usage";

/** Metadata to end a call with. Without usage it says nothing, and a budget is charged in full. */
export function usageMetadata(usage: Usage | undefined, metadata = new Metadata()): Metadata {
  if (usage !== undefined) metadata.set(usageTrailer, written(usage));
  return metadata;
}

/** The same as trailers of HTTP/2. */
export function usageTrailers(usage: Usage | undefined): { readonly [usageTrailer]?: string } {
  return usage === undefined ? {} : { [usageTrailer]: written(usage) };
}

function written({ inputTokens, outputTokens }: Usage): string {
  return `input=${inputTokens};output=${outputTokens}`;
}

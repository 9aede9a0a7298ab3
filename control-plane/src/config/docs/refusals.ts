// Writes the reasons for which calls are refused as Markdown.

import { type ReasonRow, reasons } from "@smartcall/protos";

/** A table of them all. */
export function refusalReference(): string {
  const rows: readonly (readonly [string, ReasonRow])[] = Object.entries(reasons);
  return [
    "| reason | HTTP, gRPC | why, and what to do | fault | retry |",
    "|---|---|---|---|---|",
    ...rows.map(([reason, { fault, http, remedy, retry, retrySeconds, status, why }]) => {
      const again = retrySeconds === undefined ? retry : `${retry}, after ${retrySeconds} s`;
      return `| ${reason} | ${http} ${status} | ${why} ${remedy} | ${fault} | ${again} |`;
    }),
  ].join("\n");
}

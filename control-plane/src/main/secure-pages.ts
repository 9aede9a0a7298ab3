// The operator's pages where others than this machine reach them, as the settings have them.

import type { RequestListener } from "node:http";
import { systemClock } from "@smartcall/runtime";
import { type Listening, openSecurePages } from "../admin/index.ts";
import type { Authority, State } from "../state/index.ts";
import type { Started } from "./start.ts";

/** Serves them over TLS. */
export function securePages(
  { settings, log, report }: Started,
  pages: RequestListener,
  by: { readonly state: State; readonly authority: Authority },
): Promise<Listening> {
  return openSecurePages({
    ...by,
    pages,
    address: settings.adminAddress,
    names: settings.adminNames,
    certificateFile: settings.adminCertificate,
    keyFile: settings.adminKey,
    clock: systemClock,
    report,
    refused: (problem) => log.error(problem),
  });
}

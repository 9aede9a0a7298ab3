// Opens the operator's pages where others than this machine reach them.

import type { RequestListener } from "node:http";
import type { Address } from "@smartcall/runtime";
import { type Listening, listenForOperators } from "./listen.ts";
import { type PagesCertificateOrder, pagesCertificate } from "./pages-certificate.ts";

/** The pages, where they listen, and what their certificate is made from. */
export type SecurePages = Omit<PagesCertificateOrder, "changed" | "host"> & {
  readonly pages: RequestListener;
  readonly address: Address;
};

/** Serves the pages over TLS, with a certificate that is renewed in time. */
export async function openSecurePages({
  pages,
  address,
  ...order
}: SecurePages): Promise<Listening> {
  let open: Listening | undefined;
  const certificate = await pagesCertificate({
    ...order,
    host: address.host,
    changed: (pair) => {
      if (open?.ok) open.renew(pair);
    },
  });
  if (!certificate.ok) return certificate;
  const listening = await listenForOperators(pages, address, certificate.first);
  open = listening;
  if (!listening.ok) {
    await certificate.close();
    return listening;
  }
  return {
    ...listening,
    close: async () => {
      await certificate.close();
      await listening.close();
    },
  };
}

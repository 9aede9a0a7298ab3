// Asks this machine's resolver, which also knows its hosts file, for a name's addresses.

import { lookup } from "node:dns/promises";

/**
 * The IP addresses behind a name: those of IPv4, or where there is none those of
 * IPv6, since a name with both is most often one instance with two addresses.
 *
 * @throws what the resolver says, such as `ENOTFOUND`
 */
export async function resolveHost(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  const four = found.filter(({ family }) => family === 4);
  return (four.length > 0 ? four : found).map(({ address }) => address);
}

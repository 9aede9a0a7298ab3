// Which web pages may open a socket. Programs say no origin, and browsers always do.

/**
 * Whether a page of the origin may: one that `gateway.cors` names, or one of the gateway's own
 * host, whatever its port: a gateway seldom knows the port that its callers see.
 *
 * @param named the origins of `gateway.cors`, with commas
 */
export function mayOpen(origin: string | undefined, host: string, named: string): boolean {
  if (origin === undefined) return true;
  if (named.split(",").includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  return protocol === "https:" && hostname === host.replace(/:\d+$/, "").toLowerCase();
}

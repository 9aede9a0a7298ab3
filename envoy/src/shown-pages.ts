// Which of Envoy's own pages it shows: those that only show.

/**
 * For the bootstrap's `admin.allow_paths`. Each is that path alone, with any query: below
 * `/stats` are pages that change what is counted. Any web page in a browser on this machine
 * can send a POST to a gateway's, and so end Envoy, were that not left out.
 */
export const shownPages = [
  "/certs",
  "/clusters",
  "/config_dump",
  "/listeners",
  "/memory",
  "/ready",
  "/server_info",
  "/stats",
  "/stats/prometheus",
].map((path) => ({ safe_regex: { regex: `${path}(\\?.*)?` } }));

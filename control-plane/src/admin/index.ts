// The door: the operator's pages and what they show.

export { isLoopback, type Listening, listenOnLoopback } from "./listen.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { createPages, type Pages } from "./pages.ts";

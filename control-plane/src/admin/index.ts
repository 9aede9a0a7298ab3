// The door: the operator's pages and what they show.

export { type Access, readerOf } from "./access.ts";
export { type BudgetKind, type BudgetOffice, createBudgetOffice } from "./budget-office.ts";
export {
  createKeyOffice,
  type KeyOffice,
  type KeyOfficeOptions,
  type Reached,
} from "./key-office.ts";
export { listedAgents } from "./listed-agents.ts";
export { type Listening, listenForOperators } from "./listen.ts";
export { createMetrics, type Metrics } from "./metrics.ts";
export { openSecurePages } from "./open-pages.ts";
export { createPages, type Pages } from "./pages.ts";

// `make bench`: prints what things cost on this machine. Rows by name, or all of them.
import { costRow } from "./cost-row.ts";
import { deniedRow } from "./denied-row.ts";
import { quotaRow } from "./quota-row.ts";
import { load, machine } from "./report.ts";
import { routesRow } from "./routes-row.ts";

const rows: Readonly<Record<string, () => Promise<void>>> = {
  routes: routesRow,
  calls: costRow,
  quota: quotaRow,
  revocations: deniedRow,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(rows, name));
if (unknown.length > 0) {
  console.error(`No such row: ${unknown.join(", ")}. There are: ${Object.keys(rows).join(", ")}.`);
  process.exit(2);
}
console.log(machine());
for (const [name, row] of Object.entries(rows)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n── ${name} (${load()})`);
  await row();
}

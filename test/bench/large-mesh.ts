// A mesh.yaml as large as the largest that we promise to be quick with.

/** How large it is. */
export interface MeshSize {
  readonly agents: number;
  /** Each with one claim or header. */
  readonly routesOfEach: number;
}

/** 10,000 routes. */
export const large: MeshSize = { agents: 5_000, routesOfEach: 2 };

/** The name of an agent by its number. */
export function agentName(number: number): string {
  return `agent-${String(number).padStart(5, "0")}`;
}

/**
 * The text of the file; it lists `echo` as well.
 *
 * @param port the gateway's
 * @param edits how often the last route was changed: its scope is another each time
 */
export function largeMesh(size: MeshSize, port: number, edits = 0): string {
  const lines = ["mesh: test", "gateway:", `  https: { port: ${port} }`, "agents:", "  echo: {}"];
  for (let agent = 0; agent < size.agents; agent++) lines.push(`  ${agentName(agent)}: {}`);
  lines.push("routes:");
  for (let agent = 0; agent < size.agents; agent++) {
    for (let route = 0; route < size.routesOfEach; route++) {
      lines.push(...routeLines(agentName(agent), agentName((agent + 1) % size.agents), route));
    }
  }
  lines.push(`    allow: { scopes: [agents:invoke${edits === 0 ? "" : `, edit-${edits}`}] }`);
  return `${lines.join("\n")}\n`;
}

function routeLines(agent: string, next: string, number: number): readonly string[] {
  const name = `${agent}-${number}`;
  return number % 2 === 0
    ? [
        `  - name: ${name}`,
        `    match: { agent: ${agent}, claims: { plan: [gold-${number}, silver-${number}] } }`,
        `    to: { ${agent}: 95, ${next}: 5 }`,
        "    timeout: 60s",
      ]
    : [
        `  - name: ${name}`,
        `    match: { agent: ${agent}, headers: { x-variant: "v${number}" } }`,
        `    to: ${agent}`,
      ];
}

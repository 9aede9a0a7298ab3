// What a process of a mesh is there for, told from its command line.

const roles: readonly (readonly [RegExp, string])[] = [
  [/control-plane\/bin\/smartcall\.js up/, "supervisor"],
  [/control-plane\/dist\/(bundle\/)?main\.js/, "control plane"],
  [/quota\/dist\/(bundle\/)?main\.js/, "quota service"],
  [/realtime\/dist\/(bundle\/)?main\.js/, "realtime service"],
  [/envoy\S* .*--config-path \S*edge\S*\.json/, "edge"],
  [/envoy\S* .*--config-path/, "sidecar"],
];

/** Such as "edge", "sidecar of echo", "agent echo". */
export function roleOf(command: string, parentCommand = ""): string {
  const role = roles.find(([pattern]) => pattern.test(command))?.[1];
  if (role === "sidecar") return `sidecar of ${programOf(parentCommand)}`;
  return role ?? `agent ${programOf(command)}`;
}

/** The name of the script that Node runs. */
function programOf(command: string): string {
  return /([^/\s]+)\.[jt]s\b/.exec(command)?.[1] ?? "?";
}

// Twenty thousand calls at once, of which the edge takes twelve thousand, and connections beyond ten thousand.
import { counted, megabytes } from "./amounts.ts";
import { allOf, memory, mostHeld, problemsOf } from "./connections-figures.ts";
import { type CrowdedMesh, crowd, perSecond, withCrowdedMesh } from "./connections-mesh.ts";
import type { Done } from "./connections-types.ts";
import type { Figure, Outcome, Scenario } from "./scenario.ts";

/** So many calls a gateway has at once: see docs/gateway-bounds.md. */
const bound = 12_000;
const tried = 20_000;
/** Once nearly all have come that may, the rest has so long, in milliseconds, to come and be refused. */
const thenMs = 10_000;
/** Threads of the edge that count at the same time may each let one more or less in. */
const slack = 100;
const times = 3;
const moreConnections = 1_000;
const flat = 1.1;

export const beyondTheBound: Scenario = {
  shows:
    "20,000 calls at once, and 11,000 connections: what is beyond the bounds is refused, memory stays",
  run: () => withCrowdedMesh(run),
};

async function run(mesh: CrowdedMesh): Promise<Outcome> {
  const clients = await mesh.clients("http2");
  const opened = await clients.order({ do: "open", count: crowd, perSecond });
  const atOnce = (name: string, calls: number, come: number) =>
    mesh.watched(() =>
      clients.order({
        do: "use",
        calls,
        inFlight: calls,
        ask: `gather ${name} ${come} ${thenMs}`,
      }),
    );
  const within = bound - slack;
  const before = await atOnce("within", within, within);
  const beyond: Awaited<ReturnType<typeof atOnce>>[] = [];
  for (let time = 1; time <= times; time += 1) {
    beyond.push(await atOnce(`beyond${time}`, tried, within));
  }
  const others = await mesh.clients("http2");
  const more = await mesh.watched(() =>
    others.order({ do: "open", count: moreConnections, perSecond }),
  );
  const left = await clients.order({ do: "count" });
  const peaks = beyond.map(({ usage }) => mostHeld(usage, "edge"));
  const [first = Number.NaN] = peaks;
  const most = Math.max(...peaks);
  const least = mostHeld(before.usage, "edge");
  return {
    done: `${counted(crowd)} TLS connections by HTTP/2; ${counted(within)} calls on them at once, ${times} times ${counted(tried)}, and then ${counted(moreConnections)} more connections.`,
    figures: [
      allOf("connections opened", opened.right, crowd),
      allOf("still open at the end", left.right, crowd),
      allOf(`of ${counted(within)} calls at once, answered`, before.result.right, within),
      ...beyond.flatMap(({ result }, index) => told(result, index + 1)),
      beside(`${counted(tried)} at once, beside ${counted(within)}`, most, least),
      beside("at most of all times, beside the first", most, first),
      memory(
        `${counted(tried)} at once`,
        beyond.at(-1)?.usage ?? before.usage,
        "control plane",
        256,
      ),
      allOf("connections beyond the bound, closed", more.result.failed, moreConnections),
      memory("more connections", more.usage, "edge"),
    ],
    failures: [
      ...problemsOf("opening", opened),
      ...problemsOf("within the bound", before.result),
      ...beyond.flatMap(({ result }) => problemsOf("beyond the bound", { ...result, refused: {} })),
    ],
  };
}

/** Memory of the edge that is to stay as it was. */
function beside(phase: string, is: number, was: number): Figure {
  return {
    what: `memory, edge, ${phase}`,
    is: `${megabytes(is)}, ${megabytes(was)}`,
    asked: `at most ${flat} times`,
    met: is <= flat * was,
  };
}

function told({ right, refused }: Done, time: number): readonly Figure[] {
  const { GATEWAY_OVERLOADED: overloaded = 0, ...others } = refused;
  const rest = Object.keys(others).join(", ");
  return [
    {
      what: `of ${counted(tried)} calls at once, answered, time ${time}`,
      is: counted(right),
      asked: `${counted(bound - slack)} to ${counted(bound + slack)}`,
      met: Math.abs(right - bound) <= slack,
    },
    {
      what: `503 GATEWAY_OVERLOADED with retry-after, time ${time}`,
      is: rest === "" ? counted(overloaded) : `${counted(overloaded)}, and ${rest}`,
      asked: "all others",
      met: right + overloaded === tried,
    },
  ];
}

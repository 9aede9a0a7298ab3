import { readFileSync } from "node:fs";
import { expect } from "chai";
import { readOwnServices } from "../../source/own-services/index.ts";
import { createDocuments } from "../documents.ts";
import type { KnownAgent } from "../known-agents.ts";
import { openApi } from "./document.ts";

const docs = { kind: "public" } as const;
const schemas = "components.schemas";

describe("the OpenAPI document", () => {
  const plain = openApi({ agents: [], docs });

  it("has the contract's limits", () => {
    const ask = own(plain, `${schemas}.smartcall\\.v1\\.InvokeRequest`);
    expect(ask).to.have.property("required").that.deep.equals(["messages"]);
    expect(ask).to.have.nested.property("properties.messages.maxItems", 1000);
    expect(ask).to.have.nested.property("properties.temperature.maximum", 2);
    expect(ask).to.have.nested.property("properties.stop.items.maxLength", 100);
    // The path says it, and the body must not say it again.
    expect(ask).to.not.have.nested.property("properties.agent");
    const message = own(plain, `${schemas}.smartcall\\.v1\\.Message`);
    expect(message).to.have.nested.property("properties.role.enum[1]", "user");
    expect(message)
      .to.have.property("oneOf")
      .that.deep.equals([{ required: ["content"] }, { required: ["parts"] }]);
  });

  it("has the words of the protos", () => {
    const invoke = own(plain, "paths./v1/agents/{agent}:invoke.post");
    expect(invoke).to.have.property("summary", "Answers once, whole");
    const schema = own(plain, `${schemas}.smartcall\\.v1\\.Usage.properties.inputTokens`);
    expect(schema).to.have.property("description", "Tokens read.");
  });

  it("has each failure with its reasons, and streams as events", () => {
    const stream = own(plain, "paths./v1/agents/{agent}:stream.post.responses");
    expect(stream).to.include.keys("200", "400", "401", "403", "404", "429", "503");
    const event = own(stream, "200.content.text/event-stream.schema.contentSchema");
    expect(event)
      .to.have.property("$ref")
      .that.matches(/StreamEvent$/);
    const failures = own(
      plain,
      "components.responses.Failure503.content.application/json.examples",
    );
    expect(failures).to.include.keys("AGENT_UNAVAILABLE", "DIRECTORY_UNAVAILABLE");
  });

  it("leaves out the description where nobody may read it", () => {
    expect(openApi({ agents: [], docs: undefined })["paths"]).to.not.have.any.keys("/docs");
    expect(plain["paths"]).to.include.keys("/docs", "/openapi.json");
  });

  it("has the methods that agents add, each agent's types apart", () => {
    const document = openApi({ agents: [agentOf("station"), agentOf("weather")], docs });
    expect(document["paths"]).to.include.keys(
      "/v1/agents/station:measure",
      "/v1/agents/station/sensors/all:watch",
    );
    const order = own(document, `${schemas}.station\\.acme\\.station\\.v1\\.Order`);
    expect(order).to.have.nested.property("properties.number.type", "string");
    expect(order).to.have.nested.property("properties.units.additionalProperties.$ref");
    expect(order).to.have.property("oneOf").that.has.length(3);
    const reading = own(document, `${schemas}.station\\.acme\\.station\\.v1\\.Reading.properties`);
    expect(reading).to.have.all.keys("said", "number", "in", "at", "took", "detail");
  });

  it("is made once for all who may call the same", () => {
    const textOf = createDocuments();
    const first = textOf({ agents: [agentOf("station")], docs });
    expect(textOf({ agents: [agentOf("station")], docs })).to.equal(first);
    expect(textOf({ agents: [], docs })).to.not.equal(first);
  });
});

function own(from: unknown, path: string): object {
  const parts = path.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."));
  const found = parts.reduce<unknown>(
    (within, part) =>
      typeof within === "object" && within !== null ? Reflect.get(within, part) : undefined,
    from,
  );
  if (typeof found !== "object" || found === null) throw new Error(`nothing is at ${path}`);
  return found;
}

function agentOf(name: string): KnownAgent {
  const file = new URL(`../../../../test/agents/weather/${name}.binpb`, import.meta.url);
  const services = readOwnServices(readFileSync(file), name);
  if ("problems" in services) throw new Error(services.problems.join());
  const origin = { file: "mesh.yaml", line: 1, column: 1 };
  const agent = { name, instances: [], services, origin };
  return { agent, routes: [], instances: [], description: "" };
}

// Messages checked against the rules that the contract itself states.

import { expect } from "chai";
import { agentPb, leasePb } from "../index.ts";
import { contractRules } from "./contract-rules.ts";
import { validate } from "./validate.ts";

const { rulesOf, typeOf } = contractRules();

describe("the contract's rules", () => {
  it("are read once, for all in a process that ask", () => {
    expect(contractRules()).to.equal(contractRules());
  });

  it("take a registration that keeps them", () => {
    expect(problems(attach({ agent: "echo", instance: "a" }))).to.deep.equal([]);
  });

  it("name every field that is missing", () => {
    expect(problems(attach({}))).to.deep.equal([
      "attach.agent is required",
      "attach.instance is required",
    ]);
  });

  it("bound texts in characters, not in bytes or UTF-16 units", () => {
    const fits = { agent: "echo", instance: "𝄞".repeat(200) };
    expect(problems(attach(fits))).to.deep.equal([]);
    expect(problems(attach({ ...fits, instance: `${fits.instance}x` }))).to.deep.equal([
      "attach.instance must be at most 200 characters long",
    ]);
  });

  for (const [name, character] of Object.entries({
    NUL: "\0",
    escape: "\x1b",
    DEL: "\x7f",
    CSI: "\x9b",
  })) {
    it(`refuse ${name} where a text is to be printed`, () => {
      const report = attach({ agent: "echo", instance: `a${character}` });
      expect(problems(report)).to.deep.equal(["attach.instance must have no control characters"]);
    });
  }

  it("let tab, line feed and carriage return pass", () => {
    const report = attach({ agent: "echo", instance: "a\t\r\nb" });
    expect(problems(report)).to.deep.equal([]);
  });

  it("want exactly one of fields that exclude each other", () => {
    expect(problems(new leasePb.LeaseReport())).to.deep.equal([
      " must have exactly one of attach, health, drain",
    ]);
  });

  it("reach into lists, and bound numbers and lists", () => {
    const message = new agentPb.Message();
    message.setRole("robot");
    message.setContent("hello");
    const request = new agentPb.InvokeRequest();
    request.addMessages(message);
    request.setTemperature(2.5);
    request.setMaxTokens(0);
    request.setStopList(Array.from({ length: 9 }, () => "x"));
    expect(problemsOf("smartcall.v1.InvokeRequest", request.serializeBinary())).to.deep.equal([
      "messages[0].role must be one of system, user, assistant, tool",
      "temperature must be from 0 to 2",
      "maxTokens must be from 1 to 1000000",
      "stop must have at most 8 items",
    ]);
  });
});

function attach(fields: Partial<leasePb.Attach.AsObject>): leasePb.LeaseReport {
  const message = new leasePb.Attach();
  message.setAgent(fields.agent ?? "");
  message.setInstance(fields.instance ?? "");
  const report = new leasePb.LeaseReport();
  report.setAttach(message);
  return report;
}

function problems(report: leasePb.LeaseReport): readonly string[] {
  return problemsOf("smartcall.v1.LeaseReport", report.serializeBinary());
}

function problemsOf(type: string, bytes: Uint8Array): readonly string[] {
  return validate(typeOf(type), bytes, rulesOf).map(({ path, problem }) => `${path} ${problem}`);
}

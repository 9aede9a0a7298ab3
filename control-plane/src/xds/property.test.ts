import { expectEndsWithTheModel } from "./delta-property.test.ts";

describe("delta, whatever happens", () => {
  it("A37 A52 A70 A72 ends with the client holding exactly the model, and no route ever leads nowhere", () => {
    expectEndsWithTheModel(1_000);
  }).timeout(30_000);
});

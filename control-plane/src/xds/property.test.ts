import { expectEndsWithTheModel } from "./whatever-happens.test.ts";

for (const variant of ["delta", "sotw"] as const) {
  describe(`whatever happens, ${variant}`, () => {
    it("A37 A52 A70 A72 ends with the client holding exactly the model, and no route ever leads nowhere", () => {
      expectEndsWithTheModel(variant, 1_000);
    }).timeout(30_000);
  });
}

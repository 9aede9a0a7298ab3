// Messages whose lengths claim more than there is: a reader that believes them is busy for minutes.

import { expect } from "chai";
import { leaseService } from "./lease-service.ts";

describe("a message whose lengths lie", () => {
  for (const hex of [
    "0a1c0a83fea3686f120466757a7a1a0e7332372ed22e302e313a39393938",
    "0ab1abfc6563686f120466757a931a6e2032372e302e302e313a39393938",
    "0a1c0a0465636874120466757a7a1ad7e8b83707302e302e313a39393938",
    "0ab9e0a16563686f1204e0757a7a1a0e31323715302e302e313a39393938",
  ]) {
    it(`is refused at once: ${hex.slice(0, 20)}…`, () => {
      const bytes = Buffer.from(hex, "hex");
      const begin = performance.now();
      expect(() => leaseService.hold.requestDeserialize(bytes)).to.throw();
      expect(performance.now() - begin).to.be.below(5_000);
    });
  }
});

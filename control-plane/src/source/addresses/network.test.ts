import { expect } from "chai";
import { parseNetwork } from "./network.ts";
import { isPublicAddress } from "./public-address.ts";

describe("a range of addresses", () => {
  it("is read in its shortest form, and one address as the range that holds only it", () => {
    const read = (text: string) => parseNetwork(text);
    const cidr = (text: string) => ({ kind: "network", cidr: text });
    expect(read("10.0.0.0/8")).to.deep.equal(cidr("10.0.0.0/8"));
    expect(read("0.0.0.0/0")).to.deep.equal(cidr("0.0.0.0/0"));
    expect(read("192.0.2.7")).to.deep.equal(cidr("192.0.2.7/32"));
    expect(read("2001:DB8:0:0::/32")).to.deep.equal(cidr("2001:db8::/32"));
    expect(read("::1")).to.deep.equal(cidr("::1/128"));
    expect(read("::/0")).to.deep.equal(cidr("::/0"));
    expect(read("::ffff:10.0.0.0/104")).to.deep.equal(cidr("::ffff:a00:0/104"));
  });

  it("is told apart from an address inside it, with what may have been meant", () => {
    expect(parseNetwork("10.1.2.3/8")).to.deep.equal({
      kind: "host-bits",
      network: "10.0.0.0/8",
      address: "10.1.2.3/32",
    });
    expect(parseNetwork("192.168.1.129/25")).to.deep.include({ network: "192.168.1.128/25" });
    expect(parseNetwork("2001:db8::5/33")).to.deep.include({
      network: "2001:db8::/33",
      address: "2001:db8::5/128",
    });
  });

  it("is nothing that has another form", () => {
    for (const text of ["", "10.0.0/8", "10.0.0.0/33", "::/129", "a.b", "10.0.0.0/-1", "1/8"]) {
      expect(parseNetwork(text), text).to.equal(undefined);
    }
    expect(parseNetwork("fe80::1%lo/64")).to.equal(undefined);
    expect(parseNetwork("010.0.0.0/8")).to.equal(undefined);
  });
});

describe("a public address", () => {
  it("is one that the whole Internet can reach", () => {
    for (const host of ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"]) {
      expect(isPublicAddress(host), host).to.equal(true);
    }
  });

  it("is none of a machine, a network of one's own, or a cloud's metadata, however written", () => {
    const others = [
      ["0.0.0.0", "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1"],
      ["169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255"],
      ["::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "fec0::1"],
      ["::ffff:127.0.0.1", "::ffff:a00:1", "64:ff9b::a00:1", "2002:7f00:1::", "::7f00:1"],
      ["2001:db8::1", "192.0.2.1", "not an address"],
    ].flat();
    for (const host of others) expect(isPublicAddress(host), host).to.equal(false);
  });
});

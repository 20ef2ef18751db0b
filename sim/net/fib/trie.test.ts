import { describe, expect, it } from "vitest";
import { Prng } from "../../core/prng.ts";
import { maskOf, networkOf } from "../../wire/addr.ts";
import { Trie } from "./trie.ts";

interface P {
  readonly key: number;
  readonly len: number;
}
const covers = (p: P, addr: number): boolean => ((addr ^ p.key) & maskOf(p.len)) === 0;

describe("the routing trie", () => {
  it("finds what a linear search finds, through insertions and removals", () => {
    const rng = new Prng(7, "trie");
    for (let round = 0; round < 30; round++) {
      const trie = new Trie<P>();
      const all: P[] = [];
      // few distinct high bits make long common prefixes and nested ones likely
      const random = (): P => {
        const len = rng.below(33);
        return { key: networkOf(((rng.below(4) << 30) | (rng.below(8) << 12) | rng.below(64)) >>> 0, len), len };
      };
      for (let step = 0; step < 300; step++) {
        if (all.length > 0 && rng.below(3) === 0) {
          const p = all.splice(rng.below(all.length), 1)[0]!;
          const list = trie.find(p.key, p.len)!;
          list.splice(list.indexOf(p), 1);
          if (list.length === 0) trie.prune(p.key, p.len);
        } else {
          const p = random();
          trie.at(p.key, p.len).push(p);
          all.push(p);
        }
        const addr = (random().key | rng.below(256)) >>> 0;
        const seen: number[] = [];
        for (let i = trie.match(addr) - 1; i >= 0; i--) seen.push(trie.matched(i).len);
        const expected = [...new Set(all.filter((p) => covers(p, addr)).map((p) => p.len))].sort((a, b) => b - a);
        expect(seen).toEqual(expected);
      }
      const listed = trie.nodes().flatMap((n) => n.values);
      expect(listed.length).toBe(all.length);
      for (let i = 1; i < listed.length; i++) {
        const [a, b] = [listed[i - 1]!, listed[i]!];
        expect(a.key < b.key || (a.key === b.key && a.len >= b.len), "by address, the longest first").toBe(true);
      }
    }
  });
  it("has no node for a prefix after its last value went", () => {
    const t = new Trie<number>();
    t.at(0x0a000000, 8).push(1);
    t.at(0x0a010000, 16).push(2);
    t.find(0x0a000000, 8)!.pop();
    t.prune(0x0a000000, 8);
    expect(t.find(0x0a000000, 8)).toBeNull();
    expect(t.find(0x0a010000, 16)).toEqual([2]);
    expect(t.nodes().length).toBe(1);
  });
});

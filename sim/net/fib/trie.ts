/**
 * A path-compressed binary trie over 32-bit prefixes: what fib_trie.c is for, without its level compression (fan-out is
 * 2). A node stands for one prefix; `routes` is empty on nodes that only branch. Invariants: a child's prefix extends its
 * parent's; a node without routes has two children, except the root (0/0), which is always there.
 */
import { maskOf } from "../../wire/addr.ts";

export class TrieNode<T> {
  readonly key: number;
  readonly len: number;
  private readonly mask: number;
  values: T[] = [];
  zero: TrieNode<T> | null = null;
  one: TrieNode<T> | null = null;

  constructor(key: number, len: number) {
    this.key = key;
    this.len = len;
    this.mask = maskOf(len);
  }
  covers(addr: number): boolean {
    return ((addr ^ this.key) & this.mask) === 0;
  }
}

export class Trie<T> {
  private readonly root = new TrieNode<T>(0, 0);
  /** nodes on the way down of the last lookup; reused */
  private readonly path: TrieNode<T>[] = [];

  /** The values at exactly this prefix, or null. */
  find(key: number, len: number): T[] | null {
    let n: TrieNode<T> | null = this.root;
    while (n) {
      if (n.len >= len) return n.len === len && n.key === key && n.values.length > 0 ? n.values : null;
      n = child(n, key);
      if (n && !n.covers(key)) return null;
    }
    return null;
  }

  /** The values at this prefix, made if need be: the caller must put one in. Host bits of key are zero. */
  at(key: number, len: number): T[] {
    let n: TrieNode<T> = this.root;
    while (n.len < len) {
      const next: TrieNode<T> | null = child(n, key);
      if (next && next.len <= len && next.covers(key)) {
        n = next;
        continue;
      }
      const leaf = new TrieNode<T>(key, len);
      if (!next) {
        setChild(n, leaf);
        return leaf.values;
      }
      const common = Math.min(commonBits(key, next.key), len, next.len);
      if (common === len) {
        setChild(leaf, next);
        setChild(n, leaf);
        return leaf.values;
      }
      const branch = new TrieNode<T>((key & maskOf(common)) >>> 0, common);
      setChild(branch, next);
      setChild(branch, leaf);
      setChild(n, branch);
      return leaf.values;
    }
    return n.values;
  }

  /** Takes out nodes that hold nothing on the way to the prefix, after its last value was removed. */
  prune(key: number, len: number): void {
    const path = [this.root];
    let n: TrieNode<T> | null = this.root;
    while (n && n.len < len) {
      n = child(n, key);
      if (!n || !n.covers(key)) break;
      path.push(n);
    }
    for (let i = path.length - 1; i > 0; i--) {
      const p = path[i]!;
      if (p.values.length > 0 || (p.zero && p.one)) return;
      const only = p.zero ?? p.one;
      const parent = path[i - 1]!;
      if (only) setChild(parent, only);
      else if (bit(p.key, parent.len) === 1) parent.one = null;
      else parent.zero = null;
    }
  }

  /** How many nodes with values have a prefix that contains the address. matched(n - 1) … matched(0) are they, longest first, until the next call. */
  match(addr: number): number {
    const path = this.path;
    let depth = 0;
    let n: TrieNode<T> | null = this.root;
    while (n && n.covers(addr)) {
      if (n.values.length > 0) path[depth++] = n;
      if (n.len === 32) break;
      n = child(n, addr);
    }
    return depth;
  }
  matched(i: number): TrieNode<T> {
    return this.path[i]!;
  }

  /** Every node with values, in order of address; the same address: longest prefix first, as `ip route` lists. */
  nodes(): TrieNode<T>[] {
    const out: TrieNode<T>[] = [];
    const stack: TrieNode<T>[] = [this.root];
    for (let n = stack.pop(); n; n = stack.pop()) {
      if (n.values.length > 0) out.push(n);
      if (n.one) stack.push(n.one);
      if (n.zero) stack.push(n.zero);
    }
    return out.sort((a, b) => (a.key !== b.key ? a.key - b.key : b.len - a.len));
  }
}

function bit(key: number, at: number): number {
  return (key >>> (31 - at)) & 1;
}
function child<T>(n: TrieNode<T>, key: number): TrieNode<T> | null {
  return bit(key, n.len) === 1 ? n.one : n.zero;
}
function setChild<T>(parent: TrieNode<T>, n: TrieNode<T>): void {
  if (bit(n.key, parent.len) === 1) parent.one = n;
  else parent.zero = n;
}
function commonBits(a: number, b: number): number {
  return Math.clz32(a ^ b);
}

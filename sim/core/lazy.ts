/**
 * A Map and a Set that take no room until something is put into them. Each namespace and each device has some dozen tables, and
 * most of them stay empty for good. They iterate in insertion order, as the real ones do.
 */
const NO_ENTRIES = new Map<never, never>();
const NO_VALUES = new Set<never>();

export class LazyMap<K, V> {
  private map: Map<K, V> | null = null;

  get size(): number {
    return this.map === null ? 0 : this.map.size;
  }
  get(key: K): V | undefined {
    return this.map === null ? undefined : this.map.get(key);
  }
  has(key: K): boolean {
    return this.map !== null && this.map.has(key);
  }
  set(key: K, value: V): this {
    this.map ??= new Map<K, V>();
    this.map.set(key, value);
    return this;
  }
  delete(key: K): boolean {
    return this.map !== null && this.map.delete(key);
  }
  clear(): void {
    this.map?.clear();
  }
  keys(): MapIterator<K> {
    return (this.map ?? NO_ENTRIES).keys();
  }
  values(): MapIterator<V> {
    return (this.map ?? NO_ENTRIES).values();
  }
  [Symbol.iterator](): MapIterator<[K, V]> {
    return (this.map ?? NO_ENTRIES).entries();
  }
}

export class LazySet<T> {
  private set: Set<T> | null = null;

  get size(): number {
    return this.set === null ? 0 : this.set.size;
  }
  has(value: T): boolean {
    return this.set !== null && this.set.has(value);
  }
  add(value: T): this {
    this.set ??= new Set<T>();
    this.set.add(value);
    return this;
  }
  delete(value: T): boolean {
    return this.set !== null && this.set.delete(value);
  }
  [Symbol.iterator](): SetIterator<T> {
    return (this.set ?? NO_VALUES).values();
  }
}

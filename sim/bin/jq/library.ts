/**
 * The part of jq's library that is written in jq: definitions by name and number of arguments, read when they are first used. Meanings are those of
 * jq(1) 1.6, with the forms of its manual where that gives one.
 */
import type { FunctionDef } from "./ast.ts";
import { parseDefinition } from "./parser.ts";
import { isNative } from "./natives.ts";
import { type Ids, type Library, Scope } from "./scope.ts";

const SOURCE: readonly string[] = [
  "def recurse: recurse(.[]?);",
  "def recurse(f): def r: ., (f | r); r;",
  "def recurse(f; cond): def r: ., (f | select(cond) | r); r;",
  "def recurse_down: recurse;",
  "def select(f): if f then . else empty end;",
  "def map(f): [.[] | f];",
  "def map_values(f): .[] |= f;",
  "def values: select(. != null);",
  "def nulls: select(. == null);",
  'def booleans: select(type == "boolean");',
  'def numbers: select(type == "number");',
  'def strings: select(type == "string");',
  'def arrays: select(type == "array");',
  'def objects: select(type == "object");',
  'def iterables: select(type == "array" or type == "object");',
  'def scalars: select(type != "array" and type != "object");',
  "def scalars_or_empty: scalars;",
  "def finites: select(isfinite);",
  'def normals: select(type == "number" and isnormal);',
  'def isfinite: type == "number" and (isinfinite | not);',
  "def error(f): f | error;",
  "def add: reduce .[] as $x (null; . + $x);",
  "def range($n): range(0; $n);",
  "def range($from; $to; $by): if $by > 0 then $from | while(. < $to; . + $by) elif $by < 0 then $from | while(. > $to; . + $by) else empty end;",
  "def while(cond; update): def w: if cond then ., (update | w) else empty end; w;",
  "def until(cond; update): def u: if cond then . else update | u end; u;",
  "def repeat(f): def r: f, r; r;",
  'def inputs: def r: (try input catch if . == "break" then empty else error end) | (., r); r;',
  "def first(f): label $out | f | ., break $out;",
  "def first: .[0];",
  "def last(f): reduce f as $x (null; $x);",
  "def last: .[-1];",
  "def nth($n): .[$n];",
  'def nth($n; f): if $n < 0 then error("nth doesn\'t support negative indices") else last(limit($n + 1; f)) end;',
  "def limit($n; f): if $n < 0 then f else label $out | foreach f as $x (0; . + 1; $x, if . >= $n then break $out else empty end) end;",
  "def isempty(f): first((f | false), true);",
  "def any: any(.);",
  "def any(f): any(.[]; f);",
  "def any(source; cond): isempty(first(source | cond | select(.))) | not;",
  "def all: all(.);",
  "def all(f): all(.[]; f);",
  "def all(source; cond): isempty(first(source | cond | select(. | not)));",
  "def in(o): . as $k | o | has($k);",
  "def inside(o): . as $x | o | contains($x);",
  "def index($x): _indices($x) | .[0];",
  "def rindex($x): _indices($x) | .[-1:][0];",
  "def indices($x): _indices($x);",
  'def join($s): reduce .[] as $x (null; (if . == null then "" else . + $s end) + (if $x == null then "" elif ($x | type) == "boolean" or ($x | type) == "number" then $x | tojson else $x end)) // "";',
  "def flatten: _flatten(1e9);",
  'def flatten($depth): if $depth < 0 then error("flatten depth must not be negative") else _flatten($depth) end;',
  "def reverse: [.[length - 1 - range(0; length)]];",
  "def transpose: if . == [] then [] else . as $rows | [range(0; map(length) | max) as $i | [range(0; $rows | length) as $j | $rows[$j][$i]]] end;",
  "def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];",
  'def from_entries: map({(.key // .name // .Name // .Key): (if has("value") then .value else .Value end)}) | add // {};',
  "def with_entries(f): to_entries | map(f) | from_entries;",
  "def sort_by(f): _sort_by(map([f]));",
  "def group_by(f): _group_by(map([f]));",
  "def unique: group_by(.) | map(.[0]);",
  "def unique_by(f): [group_by(f)[] | .[0]];",
  "def min_by(f): _min_by(map([f]));",
  "def max_by(f): _max_by(map([f]));",
  "def paths: path(..) | select(length > 0);",
  "def paths(f): path(.. | select(f)) | select(length > 0);",
  "def leaf_paths: paths(scalars);",
  "def del(f): delpaths([path(f)]);",
  "def _assign(paths; $v): reduce path(paths) as $p (.; setpath($p; $v));",
  "def _modify(paths; update): reduce path(paths) as $p (.; label $out | (setpath($p; getpath($p) | update) | ., break $out), delpaths([$p]));",
  'def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;',
  'def todate: strftime("%Y-%m-%dT%H:%M:%SZ");',
  "def todateiso8601: todate;",
  "def fromdate: fromdateiso8601;",
  'def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;',
  "def match($re): _match($re; null) | .[];",
  "def match($re; $flags): _match($re; $flags) | .[];",
  "def test($re): _test($re; null);",
  "def test($re; $flags): _test($re; $flags);",
  "def _named: [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries;",
  "def capture($re): capture($re; null);",
  "def capture($re; $flags): match($re; $flags) | _named;",
  'def scan($re): match($re; "g") | if .captures | length > 0 then [.captures[].string] else .string end;',
  'def split($re; $flags): . as $s | [foreach (match($re; "g" + $flags), null) as $m ({at: 0, piece: null}; if $m == null then .piece = $s[.at:] else .piece = $s[.at:$m.offset] | .at = $m.offset + $m.length end; .piece)];',
  "def splits($re): splits($re; null);",
  "def splits($re; $flags): split($re; $flags) | .[];",
  'def sub($re; text): sub($re; text; "");',
  'def sub($re; text; $flags): . as $s | reduce match($re; $flags) as $m ({at: 0, done: ""}; .done += $s[.at:$m.offset] + ($m | _named | text) | .at = $m.offset + $m.length) | .done + $s[.at:];',
  'def gsub($re; text): sub($re; text; "g");',
  'def gsub($re; text; $flags): sub($re; text; $flags + "g");',
  "def ascii_downcase: explode | map(if 65 <= . and . <= 90 then . + 32 else . end) | implode;",
  "def ascii_upcase: explode | map(if 97 <= . and . <= 122 then . - 32 else . end) | implode;",
  "def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $rest | [$x] + $rest end;",
  "def combinations($n): . as $in | [range(0; $n)] | map($in) | combinations;",
  "def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);",
  'def fromstream(f): foreach f as $i ({}; (if .done then {} else . end) | if $i | length == 2 then .done = ($i[0] | length == 0) | setpath(["v"] + $i[0]; $i[1]) else .done = ($i[0] | length == 1) end; if .done then .v else empty end);',
  "def truncate_stream(f): . as $n | null | f | select(.[0] | length > $n) | setpath([0]; .[0][$n:]);",
  "def INDEX(f): INDEX(.[]; f);",
  "def INDEX(source; f): reduce source as $row ({}; .[$row | f | tostring] |= $row);",
  "def IN(source): any(source == .; .);",
  "def IN(source; s): any(source == s; .);",
  "def JOIN($index; key): [.[] | [., $index[key]]];",
  "def JOIN($index; source; key): source | [., $index[key]];",
  "def JOIN($index; source; key; joined): source | [., $index[key]] | joined;",
  "def halt_error: halt_error(5);",
];

/** Parses a definition when its name first comes up. One for each run of a program. */
export class JqLibrary implements Library {
  private readonly ids: Ids;
  private readonly made = new Map<string, FunctionDef>();

  constructor(ids: Ids) {
    this.ids = ids;
  }

  native(name: string, arity: number): boolean {
    return isNative(name, arity);
  }

  definition(name: string, arity: number): FunctionDef | null {
    const key = `${name}/${arity}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const source = DEFINITIONS.get(key);
    if (source === undefined) return null;
    // registered before its body is read, for the sake of those that use one another
    const shell: FunctionDef = { id: this.ids.fresh(), name, params: [], body: { t: "identity" } };
    this.made.set(key, shell);
    return Object.assign(shell, parseDefinition(source, new Scope(this.ids, this)));
  }
}

const keyOf = (source: string): string => {
  const m = /^def ([\w]+)(?:\(([^)]*)\))?:/.exec(source)!;
  return `${m[1]}/${m[2] === undefined ? 0 : m[2].split(";").length}`;
};
const DEFINITIONS: ReadonlyMap<string, string> = new Map(SOURCE.map((s) => [keyOf(s), s] as const));

export const libraryNames: readonly string[] = Array.from(DEFINITIONS.keys()).filter((k) => !k.startsWith("_"));

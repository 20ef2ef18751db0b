/**
 * A chapter's MDX as a tree of the components and shell blocks in it, for tests: enough of the syntax for what chapters use
 * (renderer/mdx/components.tsx), not a parser of MDX. Text between is kept as the innermost element's words.
 */
export interface Element {
  /** component's name; "code" for a fence, "" for the root */
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly children: readonly Element[];
  /** a fence's lines; else the words directly inside */
  readonly text: string;
  /** line in the file, from 1 */
  readonly line: number;
}

interface Open extends Element {
  children: Element[];
  text: string;
}

/** The elements at the top of a chapter, in order. Throws where tags do not match. */
export function elementsOf(source: string): Element[] {
  const root = open("", {}, 0);
  const stack: Open[] = [root];
  const top = (): Open => stack.at(-1)!;
  const TOKEN =
    /```(\w+)?([^\n]*)\n([\s\S]*?)\n```|<\/([A-Z]\w*)>|<([A-Z]\w*)((?:\s+\w+(?:=(?:"[^"]*"|\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}))?)*)\s*(\/?)>/g;
  let at = 0;
  for (let m = TOKEN.exec(source); m; m = TOKEN.exec(source)) {
    top().text += source.slice(at, m.index);
    at = TOKEN.lastIndex;
    const line = source.slice(0, m.index).split("\n").length;
    const [, lang, meta, code, closing, name, attributes, selfClosing] = m;
    if (code !== undefined) top().children.push({ ...open("code", { lang, ...wordsOf(meta!) }, line), text: code });
    else if (closing) {
      if (top().name !== closing) throw new Error(`line ${line}: </${closing}> closes <${top().name}> of line ${top().line}`);
      stack.pop();
    } else {
      const e = open(name!, propsOf(attributes!), line);
      top().children.push(e);
      if (!selfClosing) stack.push(e);
    }
  }
  if (stack.length > 1) throw new Error(`<${top().name}> of line ${top().line} is not closed`);
  root.text += source.slice(at);
  return root.children;
}

function open(name: string, props: Record<string, unknown>, line: number): Open {
  return { name, props, children: [], text: "", line };
}

/** `on=network01 run out=key` */
function wordsOf(meta: string): Record<string, unknown> {
  return Object.fromEntries(
    meta
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((w) => (w.includes("=") ? w.split("=", 2) : [w, true])),
  ) as Record<string, unknown>;
}

/** Attributes: strings, {literals} and bare words. */
function propsOf(text: string): Record<string, unknown> {
  const props: Record<string, unknown> = {};
  const ATTRIBUTE = /(\w+)(?:=(?:"([^"]*)"|\{([\s\S]*?)\}(?=\s+\w+=|\s+\w+\s|\s*$)))?/g;
  for (const [, name, string, literal] of text.matchAll(ATTRIBUTE))
    props[name!] = string ?? (literal === undefined ? true : evaluate(literal));
  return props;
}

/** A literal of our own chapters: numbers, strings, arrays and objects. */
function evaluate(literal: string): unknown {
  return new Function(`"use strict"; return (${literal});`)() as unknown;
}

/** Everything in a tree, parents first. */
export function everyElement(elements: readonly Element[]): Element[] {
  return elements.flatMap((e) => [e, ...everyElement(e.children)]);
}

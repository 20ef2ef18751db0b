/**
 * Code fences at build time. The words after the language (`on=network01 run out=KEY`) become data- properties of <pre>,
 * where the components of renderer/mdx read them; shell blocks keep their plain text, other languages are coloured
 * with CSS variables so that every theme has its own colours.
 */
interface HastNode {
  type: string;
  tagName?: string;
  properties?: Record<string, unknown>;
  children?: HastNode[];
  data?: { meta?: string | null };
}

const PLAIN = new Set(["language-sh", "language-bash", "language-shell", "language-console", "language-text", "language-txt"]);

export function codeMeta() {
  return (tree: HastNode): void => visit(tree);
}

function visit(node: HastNode): void {
  for (const child of node.children ?? []) {
    const code = child.tagName === "pre" ? child.children?.[0] : undefined;
    if (code?.tagName === "code") mark(child, code);
    else visit(child);
  }
}

function mark(pre: HastNode, code: HastNode): void {
  const classes = Array.isArray(code.properties?.className) ? (code.properties.className as string[]) : [];
  const language = classes.find((c) => c.startsWith("language-"));
  const properties: Record<string, unknown> = { ...pre.properties };
  if (language) properties["data-lang"] = language.slice("language-".length);
  for (const word of (code.data?.meta ?? "").split(/\s+/)) {
    if (!word) continue;
    const eq = word.indexOf("=");
    if (eq < 0) properties[`data-${word}`] = "true";
    else properties[`data-${word.slice(0, eq)}`] = word.slice(eq + 1).replace(/^["']|["']$/g, "");
  }
  pre.properties = properties;
  // shiki leaves blocks without a language class alone
  if (!language || PLAIN.has(language)) code.properties = { ...code.properties, className: [] };
}

export const shikiOptions = {
  theme: {
    name: "hop",
    type: "light" as const,
    colors: { "editor.foreground": "var(--ink)", "editor.background": "transparent" },
    settings: [
      { scope: ["comment", "punctuation.definition.comment"], settings: { foreground: "var(--ink-3)" } },
      { scope: ["string", "string.quoted"], settings: { foreground: "var(--x-green)" } },
      { scope: ["keyword", "storage", "entity.name.tag"], settings: { foreground: "var(--x-blue)" } },
      { scope: ["constant", "constant.numeric"], settings: { foreground: "var(--x-magenta)" } },
      { scope: ["entity.name.function", "support.function"], settings: { foreground: "var(--x-cyan)" } },
    ],
  },
  langs: ["yaml", "json", "ini", "c"],
  addLanguageClass: true,
};

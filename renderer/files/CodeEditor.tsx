/** The editor of the file pane: CodeMirror, loaded when a file is first opened. Undo and the cursor of each file are kept. */
import { defaultKeymap, history, historyField, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef, type JSX } from "react";
import { useT, useLocale } from "../state/prefs.ts";

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--term)", color: "var(--ink)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)", padding: "6px 0" },
  ".cm-cursor": { borderLeft: "2px solid var(--ink)", animation: "none" },
  ".cm-gutters": { backgroundColor: "var(--term)", color: "var(--ink-3)", border: "0" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--inset)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--act-wash)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--wait-wash)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--act-wash)", outline: "1px solid var(--act)" },
  ".cm-panels": { backgroundColor: "var(--inset)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-searchMatch": { backgroundColor: "var(--wait-wash)", outline: "1px solid var(--wait)" },
  ".cm-button, .cm-textfield": {
    backgroundImage: "none",
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-2)",
    borderRadius: "var(--r1)",
  },
});

/** Words of CodeMirror's search panel. */
const KOREAN: Record<string, string> = {
  Find: "찾기",
  Replace: "바꾸기",
  next: "다음",
  previous: "이전",
  all: "모두",
  "match case": "대소문자 구분",
  regexp: "정규식",
  "by word": "낱말 단위",
  replace: "바꾸기",
  "replace all": "모두 바꾸기",
  close: "닫기",
};

const FIELDS = { history: historyField };
/** undo history and cursor of files that are not seen now, by their key */
const states = new Map<string, EditorState>();

export default function CodeEditor({
  id,
  label,
  text,
  version,
  onChange,
  onSave,
}: {
  /** of the file: what is kept of it is kept under this */
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly version: number;
  onChange(text: string): void;
  onSave(): void;
}): JSX.Element {
  const t = useT();
  const locale = useLocale();
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const calls = useRef({ onChange, onSave });
  useEffect(() => {
    calls.current = { onChange, onSave };
  });

  useEffect(() => {
    if (!box.current) return;
    const extensions = [
      lineNumbers(),
      history(),
      drawSelection(),
      bracketMatching(),
      highlightActiveLine(),
      highlightSelectionMatches(),
      search({ top: true }),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorState.phrases.of(locale === "ko" ? KOREAN : {}),
      EditorView.updateListener.of((u) => {
        if (u.docChanged) calls.current.onChange(u.state.doc.toString());
      }),
      keymap.of([
        { key: "Mod-s", preventDefault: true, run: () => (calls.current.onSave(), true) },
        ...searchKeymap,
        ...historyKeymap,
        ...defaultKeymap,
      ]),
      theme,
    ];
    const before = states.get(id);
    const same = before?.doc.toString() === text;
    // the fields of an older state carry its history; its extensions may be in another language
    const state = same
      ? EditorState.fromJSON(before.toJSON(FIELDS), { extensions }, FIELDS)
      : EditorState.create({ doc: text, extensions });
    const editor = new EditorView({ state, parent: box.current });
    view.current = editor;
    editor.focus();
    return () => {
      states.set(id, editor.state);
      editor.destroy();
      view.current = null;
    };
    // a new text of the same file comes by `version`, below
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [id, locale, label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [version]);

  return <div className="code-editor" ref={box} title={t("file.tabHint")} />;
}

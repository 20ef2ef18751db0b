/** Names of keys in less's commands. */

/** commands that go forward, for quitting at the end */
export const FORWARD: readonly string[] = [
  "j",
  "e",
  "\r",
  "^E",
  "^N",
  "^J",
  "down",
  "J",
  " ",
  "f",
  "^F",
  "^V",
  "pagedown",
  "z",
  "M- ",
  "d",
  "^D",
  "G",
];

/** "^X" for Ctrl-X, "\r" for enter; else as the decoder names keys. */
export function keyName(name: string): string {
  if (name === "enter") return "\r";
  if (name === "esc") return "^[";
  const m = /^C-(.)$/.exec(name);
  return m === null ? name : `^${m[1]!.toUpperCase()}`;
}

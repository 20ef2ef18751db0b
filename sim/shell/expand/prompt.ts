/** PS1, PS2, PS4 and ${x@P}: backslash escapes, then expansion. \[ and \] become ^A and ^B, which the line editor skips. */
import type { Call } from "../../kernel/abi.ts";
import type { Shell } from "../shell.ts";
import { expandText, passwd } from "./expand.ts";
import { strftime } from "../../core/calendar.ts";

export function* expandPrompt(sh: Shell, text: string): Call<string> {
  if (text.includes("\\")) {
    yield* sh.clock();
    text = yield* decode(sh, text);
  }
  return sh.shopt("promptvars") ? yield* expandText(sh, text) : text;
}

function* decode(sh: Shell, text: string): Call<string> {
  const sec = Math.floor(sh.realNow / 1e9);
  let out = "";
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== "\\" || i + 1 >= text.length) {
      out += text[i]!;
      continue;
    }
    const c = text[++i]!;
    switch (c) {
      case "u":
        out += quoted(yield* userName(sh));
        break;
      case "h":
      case "H": {
        const n = (yield* sh.sys.uname()).nodename;
        out += quoted(c === "h" ? n.split(".")[0]! : n);
        break;
      }
      case "w":
        out += quoted(sh.tilde(sh.cwd));
        break;
      case "W": {
        const t = sh.tilde(sh.cwd);
        out += quoted(t === "~" || t === "/" ? t : t.slice(t.lastIndexOf("/") + 1));
        break;
      }
      case "$":
        out += (yield* sh.sys.getcred()).uid === 0 ? "#" : "\\$";
        break;
      case "t":
        out += strftime("%H:%M:%S", sec);
        break;
      case "T":
        out += strftime("%I:%M:%S", sec);
        break;
      case "A":
        out += strftime("%H:%M", sec);
        break;
      case "@":
        out += strftime("%I:%M %p", sec);
        break;
      case "d":
        out += strftime("%a %b %d", sec);
        break;
      case "D": {
        const m = /^\{([^}]*)\}/.exec(text.slice(i + 1));
        if (m) {
          out += strftime(m[1] === "" ? "%X" : m[1]!, sec);
          i += m[0].length;
        }
        break;
      }
      case "n":
        out += "\n";
        break;
      case "r":
        out += "\r";
        break;
      case "a":
        out += "\x07";
        break;
      case "e":
        out += "\x1b";
        break;
      case "[":
        out += "\x01";
        break;
      case "]":
        out += "\x02";
        break;
      case "j":
        out += String(sh.jobs.length);
        break;
      case "!":
      case "#":
        out += String(sh.history.length + 1);
        break;
      case "s":
        out += quoted(sh.name.replace(/^-/, "").replace(/.*\//, ""));
        break;
      case "l":
        out += "tty";
        break;
      case "v":
        out += "5.2";
        break;
      case "V":
        out += "5.2.15";
        break;
      case "\\":
        out += "\\\\";
        break;
      default: {
        const m = /^[0-7]{3}/.exec(text.slice(i, i + 3));
        if (m) {
          out += String.fromCharCode(Number.parseInt(m[0], 8));
          i += 2;
        } else out += "\\" + c;
      }
    }
  }
  return out;
}

/** Keeps names from being expanded once more. */
function quoted(s: string): string {
  return s.replace(/[\\$`]/g, "\\$&");
}

function* userName(sh: Shell): Call<string> {
  const uid = (yield* sh.sys.getcred()).uid;
  for (const e of yield* passwd(sh)) if (e.uid === uid) return e.name;
  return "I have no name!";
}

/** The app's start: preferences on the document first, then the window's part among others, then the screen. */
import "./styles/index.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { loadEngineAhead } from "./session/host.ts";
import { applyPrefs } from "./state/prefs.ts";
import { startWindow } from "./state/window.ts";

// the browser edition only, and only as it is shipped: without one the course still runs, but not offline
if (import.meta.env.PROD && !window.hop && window.isSecureContext)
  window.addEventListener("load", () => void navigator.serviceWorker?.register("./sw.js").catch(() => undefined));

loadEngineAhead();
applyPrefs();
startWindow();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

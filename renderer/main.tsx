/** The app's start: preferences on the document first, then the window's part among others, then the screen. */
import "./styles/index.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { applyPrefs } from "./state/prefs.ts";
import { startWindow } from "./state/window.ts";

applyPrefs();
startWindow();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

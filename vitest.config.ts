import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { contentPlugin } from "./scripts/content.ts";

const content = contentPlugin(join(import.meta.dirname, "chapters"));

/** A hang guard, not a measurement: a busy machine may take its time. */
const testTimeout = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [content],
        test: {
          name: "unit",
          include: ["sim/**/*.test.ts", "cli/**/*.test.ts", "electron/**/*.test.ts", "scripts/**/*.test.ts"],
          environment: "node",
          testTimeout,
        },
      },
      { test: { name: "renderer", include: ["renderer/**/*.test.{ts,tsx}"], environment: "jsdom", testTimeout } },
      { test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], environment: "node", testTimeout } },
      { test: { name: "architecture", include: ["test/architecture/**/*.test.ts"], environment: "node", testTimeout } },
      { test: { name: "labs", include: ["test/labs/**/*.test.ts"], environment: "node", testTimeout } },
      { test: { name: "determinism", include: ["test/determinism/**/*.test.ts"], environment: "node", testTimeout } },
      { test: { name: "fuzz", include: ["test/fuzz/**/*.test.ts"], environment: "node", testTimeout } },
    ],
  },
});

import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { contentPlugin } from "./scripts/content.ts";

const content = contentPlugin(join(import.meta.dirname, "chapters"));

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [content],
        test: {
          name: "unit",
          include: ["sim/**/*.test.ts", "cli/**/*.test.ts", "electron/**/*.test.ts", "scripts/**/*.test.ts"],
          environment: "node",
        },
      },
      { test: { name: "renderer", include: ["renderer/**/*.test.{ts,tsx}"], environment: "jsdom" } },
      { test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], environment: "node" } },
      { test: { name: "architecture", include: ["test/architecture/**/*.test.ts"], environment: "node" } },
      { test: { name: "labs", include: ["test/labs/**/*.test.ts"], environment: "node" } },
      { test: { name: "determinism", include: ["test/determinism/**/*.test.ts"], environment: "node" } },
      { test: { name: "fuzz", include: ["test/fuzz/**/*.test.ts"], environment: "node" } },
    ],
  },
});

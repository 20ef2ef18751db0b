/// <reference types="vite/client" />
declare module "*.mdx" {
  import type { MDXContent } from "mdx/types";
  export const frontmatter: Readonly<Record<string, unknown>>;
  const Content: MDXContent;
  export default Content;
}
declare module "virtual:hop/worlds" {
  import type { ChallengeManifest, LabManifest } from "../sim/lab/manifest.ts";
  export const labs: readonly LabManifest[];
  export const challenges: readonly ChallengeManifest[];
}
declare module "virtual:hop/catalog" {
  import type { ChallengeFacts, LabFacts, SyllabusGroup } from "./course/catalog.ts";
  export const groups: readonly SyllabusGroup[];
  export const labs: readonly LabFacts[];
  export const challenges: readonly ChallengeFacts[];
}
declare module "virtual:hop/outline" {
  import type { ChapterOutline } from "./build/outline.ts";
  export const chapters: readonly ChapterOutline[];
}

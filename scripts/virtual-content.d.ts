declare module "virtual:hop-content" {
  const content: import("./content.ts").Content;
  export default content;
}

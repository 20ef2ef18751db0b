declare module "node-pty/lib/unixTerminal.js";

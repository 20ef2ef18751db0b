/**
 * The program in every terminal's pty: carries bytes between the pty and the world's host, and tells the host when the pty's size
 * changes. It interprets nothing: the line discipline is the simulator's. Arguments: socket path, terminal number; the
 * one-time token comes in the environment and is taken out of it. Ends with the socket, with the pty, or when told to.
 */
import { connect } from "node:net";
import { FRAME, frame } from "./frames.ts";

const [socketPath = "", term = ""] = process.argv.slice(2);
const token = process.env["HOP_TOKEN"] ?? "";
delete process.env["HOP_TOKEN"];

const leave = (): never => process.exit(0);

process.stdin.setRawMode?.(true);
const socket = connect(socketPath);
socket.setNoDelay(true);
socket.on("connect", () => {
  socket.write(frame(FRAME.hello, Buffer.from(`${term} ${token}`)));
  process.stdin.on("data", (bytes: Buffer) => {
    if (!socket.write(frame(FRAME.input, bytes))) process.stdin.pause();
  });
});
socket.on("drain", () => process.stdin.resume());
socket.on("data", (bytes) => {
  if (!process.stdout.write(bytes)) socket.pause();
});
process.stdout.on("drain", () => socket.resume());
socket.on("close", leave);
socket.on("error", leave);
process.stdin.on("end", leave);
process.stdin.on("error", leave);
process.stdout.on("error", leave);

// not stdout's "resize", which is silent when two changes together lead back to the first size
process.on("SIGWINCH", () => {
  const [cols, rows] = process.stdout.getWindowSize();
  const payload = Buffer.alloc(4);
  payload.writeUInt16LE(cols, 0);
  payload.writeUInt16LE(rows, 2);
  socket.write(frame(FRAME.size, payload));
});
// keys never become signals in raw mode; from elsewhere they are not for the relay to act on
process.on("SIGINT", () => {});

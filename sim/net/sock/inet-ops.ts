/** The socket calls that raw, UDP and ping sockets over IPv4 answer alike (inet_dgram_ops); each family adds its own. */
import { inetConnect, inetGetpeername, inetGetsockname, inetPoll, inetRecv, inetShutdown } from "./inet.ts";
import { inetGetsockopt, inetSetsockopt } from "./sockopt.ts";
import type { SockOps } from "./socket.ts";

export const INET_OPS: Omit<SockOps, "bind" | "sendto" | "close"> = {
  connect: inetConnect,
  recv: inetRecv,
  setsockopt: inetSetsockopt,
  getsockopt: inetGetsockopt,
  getsockname: inetGetsockname,
  getpeername: inetGetpeername,
  poll: inetPoll,
  shutdown: inetShutdown,
};

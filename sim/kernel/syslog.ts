/**
 * The syslog daemon's part in the kernel log: rsyslogd writes every message of the kernel to /var/log/kern.log, in its traditional form
 * "Apr  7 08:45:19 host kernel: [12868.221898] text". No process stands for it; the line is there in the moment of the message.
 */
import { strftime } from "../core/calendar.ts";
import { SEC } from "../core/time.ts";
import type { LogRecord } from "../net/printk.ts";
import type { Machine } from "./machine.ts";

const FILE = "/var/log/kern.log";
const ROOT_ADM = 0o640;

/** Seconds since boot as the kernel prints them: "   12.345678". */
export function stamp(ns: number): string {
  const us = Math.floor(ns / 1000);
  return `${String(Math.floor(us / 1e6)).padStart(5)}.${String(us % 1e6).padStart(6, "0")}`;
}

export function startSyslog(m: Machine): void {
  m.kernelLog.listener = (r: LogRecord): void => {
    if (r.facility !== 0) return;
    const when = strftime("%b %e %H:%M:%S", Math.floor(m.world.realtimeAt(r.time) / SEC));
    const head = `${when} ${m.init.uts.nodename} kernel: [${stamp(r.time - m.bootedAt)}] `;
    m.appendFile(
      FILE,
      r.text
        .split("\n")
        .map((line) => `${head}${line}\n`)
        .join(""),
      ROOT_ADM,
    );
  };
}

// The world in which the real shells are recorded (record-bash.mjs, record-bash-tty.mjs): environment, empty /root and /tmp, host name.
import path from "node:path";
import { fileURLToPath } from "node:url";

export const testdata = path.join(path.dirname(fileURLToPath(import.meta.url)), "../sim/shell/testdata");

export const environment = (term) => ({
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  USER: "root",
  LOGNAME: "root",
  SHELL: "/bin/bash",
  LANG: "C.UTF-8",
  TZ: "UTC",
  TERM: term,
});

/** A line for a shell below `unshare --mount --uts`, which becomes the program. */
export const setup = (program) =>
  `mount -t tmpfs tmpfs /root && mount -t tmpfs tmpfs /tmp && hostname lab && cd /root && unset OLDPWD && exec ${program}`;

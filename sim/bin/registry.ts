/** Every command there is, in one literal list. A lab's manifest may restrict it; the shell's own commands join outside. */
import type { Command } from "../kernel/abi.ts";
import { commands as accounts } from "./accounts/index.ts";
import { commands as arp } from "./arp/index.ts";
import { commands as arping } from "./arping/index.ts";
import { commands as awk } from "./awk/index.ts";
import { commands as brctl } from "./brctl/index.ts";
import { commands as bridge } from "./bridge/index.ts";
import { commands as coreutils } from "./coreutils/index.ts";
import { commands as diff } from "./diff/index.ts";
import { commands as ethtool } from "./ethtool/index.ts";
import { commands as dmesg } from "./dmesg/index.ts";
import { commands as lsns } from "./lsns/index.ts";
import { commands as find } from "./find/index.ts";
import { commands as grep } from "./grep/index.ts";
import { commands as hostname } from "./hostname/index.ts";
import { commands as ifconfig } from "./ifconfig/index.ts";
import { commands as ip } from "./ip/index.ts";
import { commands as jq } from "./jq/index.ts";
import { commands as lab } from "./lab/index.ts";
import { commands as less } from "./less/index.ts";
import { manCommands } from "./man/index.ts";
import { commands as mount } from "./mount/index.ts";
import { commands as more } from "./more/index.ts";
import { commands as nano } from "./nano/index.ts";
import { notYetCommands } from "./not-yet/index.ts";
import { commands as nameif } from "./nameif/index.ts";
import { commands as nc } from "./nc/index.ts";
import { commands as netstat } from "./netstat/index.ts";
import { commands as nsenter } from "./nsenter/index.ts";
import { commands as ping } from "./ping/index.ts";
import { commands as pstree } from "./pstree/index.ts";
import { commands as ps } from "./ps/index.ts";
import { commands as route } from "./route/index.ts";
import { commands as sed } from "./sed/index.ts";
import { commands as socat } from "./socat/index.ts";
import { commands as ss } from "./ss/index.ts";
import { commands as stty } from "./stty/index.ts";
import { commands as sudo } from "./sudo/index.ts";
import { commands as sysctl } from "./sysctl/index.ts";
import { commands as tcpdump } from "./tcpdump/index.ts";
import { commands as timeout } from "./timeout/index.ts";
import { commands as top } from "./top/index.ts";
import { commands as tracepath } from "./tracepath/index.ts";
import { commands as traceroute } from "./traceroute/index.ts";
import { commands as unshare } from "./unshare/index.ts";
import { commands as vi } from "./vi/index.ts";
import { commands as watch } from "./watch/index.ts";
import { commands as who } from "./who/index.ts";
import { commands as why } from "./why/index.ts";

const simulated: readonly Command[] = [
  ...accounts,
  ...arp,
  ...arping,
  ...awk,
  ...brctl,
  ...bridge,
  ...coreutils,
  ...diff,
  ...ethtool,
  ...dmesg,
  ...lsns,
  ...find,
  ...grep,
  ...hostname,
  ...ifconfig,
  ...ip,
  ...jq,
  ...lab,
  ...less,
  ...nameif,
  ...nc,
  ...netstat,
  ...more,
  ...mount,
  ...nano,
  ...nsenter,
  ...ping,
  ...ps,
  ...pstree,
  ...route,
  ...sed,
  ...socat,
  ...ss,
  ...stty,
  ...sudo,
  ...sysctl,
  ...tcpdump,
  ...timeout,
  ...top,
  ...tracepath,
  ...traceroute,
  ...unshare,
  ...vi,
  ...watch,
  ...who,
  ...why,
  ...manCommands(() => commands),
];

/** What only says that it is not there yet. */
export const notYet: readonly Command[] = notYetCommands(new Set(simulated.map((c) => c.name)));

export const commands: readonly Command[] = [...simulated, ...notYet];

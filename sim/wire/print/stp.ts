/** Spanning tree BPDUs: 802.1D configuration and topology change, 802.1w rapid spanning tree. MSTP is not decoded beyond its name. */
import { bits, NOTICED, type Out } from "./out.ts";

const FLAGS = [
  [0x01, "Topology change"],
  [0x02, "Proposal"],
  [0x10, "Learn"],
  [0x20, "Forward"],
  [0x40, "Agreement"],
  [0x80, "Topology change ACK"],
] as const;
const ROLES = ["Unknown", "Alternate", "Root", "Designated"];

function bridgeId(o: Out, off: number): string {
  let s = o.u16(off).toString(16).padStart(4, "0");
  s += ".";
  for (let i = 0; i < 6; i++)
    s += `${i > 0 ? ":" : ""}${o
      .u8(off + 2 + i)
      .toString(16)
      .padStart(2, "0")}`;
  return s;
}
/** Times are carried in units of 1/256 s. */
function seconds(t: number): string {
  return `${(t / 256).toFixed(2)}s`;
}

export function printStp(o: Out, off: number, length: number): void {
  o.proto = "stp";
  if (length < 4) throw NOTICED;
  if (o.u16(off) !== 0) {
    o.put(`unknown STP version, length ${length}`);
    return;
  }
  const version = o.u8(off + 2);
  o.put(
    `STP ${version === 0 ? "802.1d" : version === 2 ? "802.1w" : version === 3 ? "802.1s" : `Unknown STP protocol (0x${version.toString(16).padStart(2, "0")})`}`,
  );
  if (version !== 0 && version !== 2) return;
  const type = o.u8(off + 3);
  if (type === 0x80) {
    o.put(", Topology Change");
    return;
  }
  if ((version === 0 && type !== 0) || (version === 2 && type !== 2)) {
    o.put(`, Unknown BPDU Type (0x${type.toString(16).padStart(2, "0")})`);
    return;
  }
  o.put(version === 2 ? ", Rapid STP" : ", Config");
  const flags = o.u8(off + 4);
  if (length < 35) throw NOTICED;
  o.put(`, Flags [${bits(FLAGS, "none", flags)}]`);
  o.put(
    `, bridge-id ${bridgeId(o, off + 17)}.${o
      .u16(off + 25)
      .toString(16)
      .padStart(4, "0")}, length ${length}`,
  );
  if (o.opts.v === 0) return;
  o.put(
    `\n\tmessage-age ${seconds(o.u16(off + 27))}, max-age ${seconds(o.u16(off + 29))}, hello-time ${seconds(o.u16(off + 31))}, forwarding-delay ${seconds(o.u16(off + 33))}`,
  );
  o.put(`\n\troot-id ${bridgeId(o, off + 5)}, root-pathcost ${o.u32(off + 13)}`);
  if (version === 2) o.put(`, port-role ${ROLES[(flags >>> 2) & 3]!}`);
}

/** ESP and AH (RFC 4303, 4302): what can be said of them without a key. */
import { NOTICED, type Out } from "./out.ts";

export function printEsp(o: Out, off: number, length: number): void {
  o.proto = "esp";
  if (!o.has(off, 8)) throw NOTICED;
  o.put(`ESP(spi=0x${o.u32(off).toString(16).padStart(8, "0")},seq=0x${o.u32(off + 4).toString(16)}), length ${length}`);
}

/** Returns the next header. */
export function printAh(o: Out, off: number): number {
  o.proto = "ah";
  o.need(off, 12);
  const words = o.u8(off + 1);
  o.put("AH(");
  if (o.opts.v > 0) o.put(`length=${words}(${(words + 2) << 2}-bytes),`);
  const reserved = o.u16(off + 2);
  if (reserved !== 0) o.put(`reserved=0x${reserved.toString(16)}[MustBeZero],`);
  o.put(
    `spi=0x${o
      .u32(off + 4)
      .toString(16)
      .padStart(8, "0")},seq=0x${o.u32(off + 8).toString(16)},icv=0x`,
  );
  for (let i = 12; i < (words + 2) << 2; i++)
    o.put(
      o
        .u8(off + i)
        .toString(16)
        .padStart(2, "0"),
    );
  o.put("): ");
  return o.u8(off);
}

/**
 * What a relay says to its host over the socket: a type, a length of 32 bits (little endian), a payload.
 *   hello   the terminal's number as decimal text, a space, the token
 *   input   bytes as they were read from the pty
 *   size    columns and rows, 16 bits each
 * The host answers with output bytes alone, without frames.
 */
export const FRAME = { hello: 1, input: 2, size: 3 } as const;
export type FrameType = (typeof FRAME)[keyof typeof FRAME];

const HEAD = 5;
const MAX_PAYLOAD = 1 << 20;

export function frame(type: FrameType, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type);
  view.setUint32(1, payload.length, true);
  bytes.set(payload, HEAD);
  return bytes;
}

/** Puts chunks together and calls back once for each frame; false when what came is no frame, after which nothing more is read. */
export function frameReader(onFrame: (type: number, payload: Uint8Array) => void): (chunk: Uint8Array) => boolean {
  let held = new Uint8Array();
  return (chunk) => {
    const bytes = new Uint8Array(held.length + chunk.length);
    bytes.set(held);
    bytes.set(chunk, held.length);
    const view = new DataView(bytes.buffer);
    let at = 0;
    while (bytes.length - at >= HEAD) {
      const type = view.getUint8(at);
      const length = view.getUint32(at + 1, true);
      if (type < FRAME.hello || type > FRAME.size || length > MAX_PAYLOAD) return false;
      if (bytes.length - at - HEAD < length) break;
      onFrame(type, bytes.slice(at + HEAD, at + HEAD + length));
      at += HEAD + length;
    }
    held = bytes.slice(at);
    return true;
  };
}

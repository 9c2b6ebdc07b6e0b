/** Bytes of a protobuf varint. `value` is a whole number from 0. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Bytes reserved for a length that is filled in when it is known: enough for 2 MiB. */
const LATER_BYTES = 3;

/** Writes protobuf into a buffer. What does not fit is not written; `room` is then negative. */
export class Wire {
  at = 0;

  constructor(readonly bytes: Buffer) {}

  /** Bytes that are left. */
  get room(): number {
    return this.bytes.length - this.at;
  }

  get written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.bytes[this.at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.at++] = rest;
  }

  /** A negative whole number takes all ten bytes of its two's complement. */
  int64(value: number): void {
    if (value >= 0) return this.varint(value);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.bytes[this.at++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.bytes[this.at++] = Number(rest);
  }

  double(value: number): void {
    if (this.room >= 8) this.bytes.writeDoubleLE(value, this.at);
    this.at += 8;
  }

  /** @param size its length in UTF-8 */
  text(value: string, size: number): void {
    if (this.room >= size) this.bytes.write(value, this.at, size);
    this.at += size;
  }

  raw(bytes: Uint8Array): void {
    if (this.room >= bytes.length) this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Leaves room for the length of what is written next. @returns the value to pass to `fillLength` */
  lengthLater(): number {
    this.at += LATER_BYTES;
    return this.at;
  }

  /** Fills in the length of all that was written since. A varint may be longer than it has to be. */
  fillLength(since: number): void {
    const length = this.at - since;
    this.bytes[since - 3] = (length & 127) | 128;
    this.bytes[since - 2] = ((length >> 7) & 127) | 128;
    this.bytes[since - 1] = length >> 14;
  }

  fixed32(value: number): void {
    this.bytes[this.at++] = value;
    this.bytes[this.at++] = value >>> 8;
    this.bytes[this.at++] = value >>> 16;
    this.bytes[this.at++] = value >>> 24;
  }

  /** Nanoseconds since the epoch as fixed64, put together from halves because no double holds so many digits. */
  nanoseconds(epochMs: number): void {
    const ms = Math.floor(epochMs);
    const upper = Math.floor(ms / 65_536) * 1e6;
    const lower = (ms % 65_536) * 1e6 + Math.floor((epochMs - ms) * 1e6);
    const low = (upper % 65_536) * 65_536 + lower;
    this.fixed32(low % 2 ** 32);
    this.fixed32(Math.floor(upper / 65_536) + Math.floor(low / 2 ** 32));
  }
}

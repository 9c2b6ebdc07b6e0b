/** Bytes of a protobuf varint. `value` is a whole number from 0. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** Writes protobuf into a buffer that has room for it: who writes knows the sizes beforehand. */
export class Wire {
  at = 0;

  constructor(readonly bytes: Buffer) {}

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
    this.at = this.bytes.writeDoubleLE(value, this.at);
  }

  /** @param size its length in UTF-8 */
  text(value: string, size: number): void {
    this.bytes.write(value, this.at, size);
    this.at += size;
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  fixed32(value: number): void {
    this.at = this.bytes.writeUInt32LE(value, this.at);
  }

  /** Nanoseconds since the epoch as fixed64; no double holds so many digits, so it is put together from halves. */
  nanoseconds(epochMs: number): void {
    const ms = Math.floor(epochMs);
    const upper = Math.floor(ms / 65_536) * 1e6;
    const lower = (ms % 65_536) * 1e6 + Math.floor((epochMs - ms) * 1e6);
    const low = (upper % 65_536) * 65_536 + lower;
    this.fixed32(low % 2 ** 32);
    this.fixed32(Math.floor(upper / 65_536) + Math.floor(low / 2 ** 32));
  }
}

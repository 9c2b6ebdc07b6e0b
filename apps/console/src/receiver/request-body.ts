import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate, zstdDecompress } from 'node:zlib';

/** Bytes that a payload may have, compressed or not: as many as a Collector accepts. */
export const PAYLOAD_LIMIT = 20 * 1_024 * 1_024;
/** Bytes of payloads that are not completely read yet, of all senders together. */
const MOST_BYTES_AT_ONCE = 3 * PAYLOAD_LIMIT;

type Unpack = (packed: Buffer) => Promise<Buffer>;
const bounded = { maxOutputLength: PAYLOAD_LIMIT };

const UNPACK = new Map<string, Unpack>([
  ['gzip', (packed) => promisify(gunzip)(packed, bounded)],
  ['deflate', (packed) => promisify(inflate)(packed, bounded)],
  ['zstd', (packed) => promisify(zstdDecompress)(packed, bounded)],
]);

/** Why a body is refused, with the HTTP status for it. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';

  constructor(
    readonly status: 400 | 413 | 415 | 503,
    message: string,
  ) {
    super(message);
  }
}

/** Reads the bodies of requests, and limits how much of them is in memory. */
export class BodyReader {
  private held = 0;
  private unpacking: Promise<unknown> = Promise.resolve();

  /**
   * Reads a body to its end and decompresses it.
   *
   * @param take receives the complete body
   * @throws BodyRefused if it is too large, even only when decompressed, or not what its headers say; any error that
   * `take` throws
   */
  async read(request: IncomingMessage, take: (plain: Buffer) => void): Promise<void> {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity';
    const unpack = UNPACK.get(encoding);
    if (!unpack && encoding !== 'identity') {
      const known = [...UNPACK.keys()].join(', ');
      throw new BodyRefused(
        415,
        `Content-Encoding ${encoding} is not understood; send ${known} or identity.`,
      );
    }
    const body = await this.received(request);
    if (!unpack) return take(body);
    // One at a time, because each can become twenty times as large.
    const unpacked = this.unpacking.then(async () => take(await unpackedBy(unpack, encoding, body)));
    this.unpacking = unpacked.catch(() => undefined);
    return unpacked;
  }

  private async received(request: IncomingMessage): Promise<Buffer> {
    if (Number(request.headers['content-length'] ?? 0) > PAYLOAD_LIMIT) throw tooLarge();
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      // The code that answers still has to read the rest of a refused body.
      for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.held += chunk.length;
        if (bytes > PAYLOAD_LIMIT) throw tooLarge();
        if (this.held > MOST_BYTES_AT_ONCE)
          throw new BodyRefused(503, 'Too many payloads arrive at once; send it again.');
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    } finally {
      this.held -= bytes;
    }
  }
}

async function unpackedBy(unpack: Unpack, encoding: string, packed: Buffer): Promise<Buffer> {
  try {
    return await unpack(packed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new BodyRefused(400, `The body is not ${encoding}.`);
  }
}

function tooLarge(): BodyRefused {
  return new BodyRefused(413, `A payload may have at most ${PAYLOAD_LIMIT} bytes.`);
}

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Bytes that a payload may have, compressed and uncompressed alike. */
export const PAYLOAD_LIMIT = 4 * 1_024 * 1_024;

/** Why a body is not taken, with the HTTP status that says so. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';

  constructor(
    readonly status: 400 | 413 | 415,
    message: string,
  ) {
    super(message);
  }
}

export interface RequestBody {
  /** As it came over the wire. */
  sent: Buffer;
  /** At rest. */
  plain: Buffer;
}

/**
 * Reads a body, compressed with gzip or not at all.
 *
 * @throws BodyRefused when it is too large, also uncompressed, or not what its headers say
 */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'gzip' && encoding !== 'identity')
    throw new BodyRefused(415, `Content-Encoding ${encoding} is not understood; send gzip or identity.`);
  if (Number(request.headers['content-length'] ?? 0) > PAYLOAD_LIMIT) throw tooLarge();
  const sent = await read(request);
  return { sent, plain: encoding === 'gzip' ? await unzip(sent) : sent };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > PAYLOAD_LIMIT) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function unzip(sent: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(sent, { maxOutputLength: PAYLOAD_LIMIT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new BodyRefused(400, 'The body is not gzip.');
  }
}

function tooLarge(): BodyRefused {
  return new BodyRefused(413, `A payload may have at most ${PAYLOAD_LIMIT} bytes.`);
}

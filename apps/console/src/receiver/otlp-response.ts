import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OtlpContentType } from '@app/otlp';

/** Bytes that a sender may still send after it was refused, and milliseconds that it has for them. */
const LEFTOVER_BYTES = 64 * 1_024 * 1_024;
const LEFTOVER_MS = 2_000;

/** Everything was accepted: an empty answer in the encoding of the request. */
export function accept(response: ServerResponse, contentType: OtlpContentType): void {
  response
    .writeHead(200, { 'Content-Type': contentType })
    .end(contentType === 'application/json' ? '{}' : '');
}

/** A `google.rpc.Status` in the encoding of the request, as OTLP requires for errors. */
export async function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  contentType: OtlpContentType = 'application/json',
): Promise<void> {
  const body = contentType === 'application/json' ? JSON.stringify({ message }) : statusMessage(message);
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
    // The rest of a body that was not read must not be parsed as the next request.
    Connection: 'close',
    ...(status === 405 && { Allow: 'POST' }),
    ...(status === 503 && { 'Retry-After': '1' }),
  });
  response.write(body);
  // If a connection is closed while its other end still sends, it is reset, and the answer is lost.
  await leftover(response.req);
  response.end();
}

/** Resolves when the request has ended, or has gone on for too long. */
function leftover(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((done) => {
    let bytes = 0;
    const timer = setTimeout(done, LEFTOVER_MS);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > LEFTOVER_BYTES) done();
    });
    request.once('close', done).once('end', done).resume();
    request.once('close', () => clearTimeout(timer));
  });
}

/** The only field of the message that is used: number 2, a string. */
function statusMessage(message: string): Buffer {
  const text = Buffer.from(message.slice(0, 127), 'ascii');
  return Buffer.concat([Buffer.from([0x12, text.length]), text]);
}

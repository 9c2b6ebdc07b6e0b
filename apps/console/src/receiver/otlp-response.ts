import type { ServerResponse } from 'node:http';
import type { OtlpContentType } from '@app/otlp';

/** Everything was taken: an empty answer in the encoding of the request. */
export function accept(response: ServerResponse, contentType: OtlpContentType): void {
  response
    .writeHead(200, { 'Content-Type': contentType })
    .end(contentType === 'application/json' ? '{}' : '');
}

/** A `google.rpc.Status` in the encoding of the request, as OTLP wants its errors. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  contentType: OtlpContentType = 'application/json',
): void {
  // What is left of a body that was not read must not be taken for the next request.
  response.writeHead(status, { 'Content-Type': contentType, Connection: 'close' });
  response.end(contentType === 'application/json' ? JSON.stringify({ message }) : statusMessage(message));
}

/** The one field of the message that says something: number 2, a string. */
function statusMessage(message: string): Buffer {
  const text = Buffer.from(message.slice(0, 127), 'ascii');
  return Buffer.concat([Buffer.from([0x12, text.length]), text]);
}

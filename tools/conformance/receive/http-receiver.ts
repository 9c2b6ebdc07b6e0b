import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, inflateSync } from 'node:zlib';
import { InvalidPayload, type OtlpContentType } from '@app/otlp';
import type { Signal, Sink } from './inbox';

/** Bytes of one request, decompressed: as many as the Collector's own receiver accepts. */
const LARGEST = 20 * 1024 * 1024;
const SIGNALS: Record<string, Signal> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
};

/** Receives OTLP over HTTP, in both encodings, and answers as a Collector does. */
export class HttpReceiver {
  private constructor(private readonly server: Server) {}

  static async start(sink: Sink, host = '127.0.0.1', port = 0): Promise<HttpReceiver> {
    const server = createServer((request, response) => {
      receive(sink, request, response).catch((error: Error) => refuse(response, 400, error.message));
    });
    server.listen(port, host);
    await once(server, 'listening');
    return new HttpReceiver(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function receive(sink: Sink, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const signal = SIGNALS[(request.url ?? '').split('?', 1)[0] ?? ''];
  if (!signal) return refuse(response, 404, 'OTLP comes to /v1/traces, /v1/metrics and /v1/logs');
  if (request.method !== 'POST') return refuse(response, 405, 'OTLP is sent by POST');
  const contentType = encoding(request);
  if (!contentType) return refuse(response, 415, 'send application/x-protobuf or application/json');
  const sent = await body(request);
  if (!sent) return refuse(response, 413, `a request may have ${LARGEST} bytes`);
  try {
    sink.take(signal, unpacked(sent, request.headers['content-encoding']), contentType);
  } catch (error) {
    if (error instanceof InvalidPayload) return refuse(response, 400, error.message);
    throw error;
  }
  response.setHeader('Content-Type', contentType).end(contentType === 'application/json' ? '{}' : '');
}

function encoding(request: IncomingMessage): OtlpContentType | undefined {
  const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';', 1);
  const known: OtlpContentType[] = ['application/json', 'application/x-protobuf'];
  return known.find((candidate) => candidate === type.trim());
}

/** Undefined if it is too large. */
async function body(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LARGEST) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function unpacked(sent: Buffer, contentEncoding = 'identity'): Buffer {
  if (contentEncoding === 'gzip') return gunzipSync(sent, { maxOutputLength: LARGEST });
  if (contentEncoding === 'deflate') return inflateSync(sent, { maxOutputLength: LARGEST });
  if (contentEncoding === 'identity') return sent;
  throw new InvalidPayload(`content-encoding ${contentEncoding} is not read here`);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' });
  response.end(JSON.stringify({ code: status, message }));
}

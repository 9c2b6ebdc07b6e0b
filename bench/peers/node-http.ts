import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pool } from './pool.ts';
import { Shop } from './shop.ts';

// The practical minimum: nothing between Node's own HTTP server and pg.
const shop = new Shop(pool);

const server = createServer((request, response) => {
  answer(request).then(
    (body) => (body ? send(response, 200, body) : send(response, 404, { status: 404 })),
    () => send(response, 500, { status: 500 }),
  );
});

async function answer(request: IncomingMessage): Promise<object | undefined> {
  const { method, url = '' } = request;
  if (method === 'GET' && url.startsWith('/inventory/check/')) return shop.check(Number(url.slice(17)));
  if (method === 'GET' && url === '/orders/popular-products') return shop.popular(10);
  if (method === 'POST' && url === '/inventory/reserve') return shop.reserve(await json(request));
  if (method === 'POST' && url === '/orders/create') return shop.create(await json(request));
  return undefined;
}

async function json(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

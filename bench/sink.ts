import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OTLP backend in a process of its own: it accepts everything and keeps nothing. */
const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => response.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end());
});
process.once('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

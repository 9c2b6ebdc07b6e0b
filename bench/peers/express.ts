import type { AddressInfo } from 'node:net';
import express, { type Response } from 'express';
import { pool } from './pool.ts';
import { Shop } from './shop.ts';

// What most tutorials arrive at, in its production settings.
const shop = new Shop(pool);
const app = express();
app.use(express.json());

app.get('/inventory/check/:id', async ({ params }, response) =>
  send(response, await shop.check(Number(params.id))),
);
app.get('/orders/popular-products', async (_request, response) => send(response, await shop.popular(10)));
app.post('/inventory/reserve', async ({ body }, response) => send(response, await shop.reserve(body)));
app.post('/orders/create', async ({ body }, response) => send(response, await shop.create(body)));

function send(response: Response, body: object | undefined): void {
  response.status(body ? 200 : 404).json(body ?? { status: 404 });
}

process.once('disconnect', () => process.exit());
const server = app.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);

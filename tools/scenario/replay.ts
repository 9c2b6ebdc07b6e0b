import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type LiveEvent, readLive, readRun } from '@app/scenario';
import express, { type Response } from 'express';
import { runCommand, say, UsageError, type Values } from '../command-line';
import { CHECKOUT } from '../places';

const HELP = `Shows a run in the console's page again, without services and without a database.

  npm run replay -- .data/runs/20261128-143015-the-pool-too-small-7

  --speed N         how many times as fast as it was, 0.1 to 100: 1
  --port N          where the page is: 30027

Each page that is opened sees the run from its beginning, again and again. Ctrl-C ends it.`;

const OPTIONS = {
  speed: { type: 'string', default: '1' },
  port: { type: 'string', default: '30027' },
} as const;

const PAGE = join(CHECKOUT, 'dist/apps/console/public');

async function replay({ speed, port }: Values<typeof OPTIONS>, [folder, ...more]: string[]): Promise<void> {
  if (!folder || more.length > 0) throw new UsageError('the folder of one run is needed');
  const times = Number(speed);
  if (!(times >= 0.1 && times <= 100))
    throw new UsageError(`--speed is ${speed}, it must be a number from 0.1 to 100`);
  if (!/^\d{1,5}$/.test(port)) throw new UsageError(`--port is ${port}, it must be a whole number`);
  const { scenario, began } = readRun(folder);
  const events = readLive(folder);
  if (events.length === 0)
    throw new Error(`${folder} has no events of the console: nothing was heard of it in that run`);
  const app = express();
  const replayed: LiveEvent = { t: 0, event: 'replay', data: JSON.stringify({ began }) };
  app.get('/api/live', (_request, response) => void play([replayed, ...events], times, response));
  app.all('/api/{*path}', (_request, response) => {
    const detail = 'This is a run of the past: nothing can be asked or changed.';
    response
      .status(409)
      .type('application/problem+json')
      .send(JSON.stringify({ title: 'A replay', status: 409, detail }));
  });
  app.use(express.static(PAGE));
  const server = app.listen(Number(port), 'localhost');
  await new Promise((listening, failed) => server.once('listening', listening).once('error', failed));
  say(
    `${scenario.title}, as it was on ${new Date(began).toLocaleString()}: http://localhost:${(server.address() as AddressInfo).port}`,
  );
}

/** Sends the events of the run at their own pace, or so many times as fast. */
async function play(events: readonly LiveEvent[], times: number, response: Response): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const began = performance.now();
  for (const { t, event, data } of events) {
    const wait = began + t / times - performance.now();
    if (wait > 1) await setTimeout(wait);
    if (response.destroyed) return;
    response.write(`event: ${event}\ndata: ${data}\n\n`);
  }
  response.end();
}

void runCommand({ help: HELP, options: OPTIONS, words: true, run: replay });

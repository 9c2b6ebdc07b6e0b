import type { AddressInfo } from 'node:net';
import { ConfigurationError, reachLoopbackDirectly } from '@app/configuration';
import { LostLogLines, Shutdown, STOPPING } from '@app/lifecycle';
import { ProblemFilter, type RequestFailures } from '@app/problem';
import { type DynamicModule, Logger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RequestHandler, Response } from 'express';
import { LimitedExpressAdapter } from './http-server';
import { jsonBody } from './json-body';
import { StrictValidationPipe } from './validation';

/** Milliseconds before the end of the step at which answers that are still not written are cut off. */
const CUT_OFF_BEFORE_MS = 500;

/** A process that answers HTTP: one of the services, or the console. */
export interface HttpProcess {
  readonly configuration: { readonly PORT: number; readonly LISTEN_ADDRESS: string };
  /** The module, with what the process is made of before it. */
  readonly module: (parts: ProcessParts) => DynamicModule;
  readonly logger: LoggerService;
  /** Express middleware that comes before the body is read, in this order. */
  readonly middleware: (app: NestExpressApplication) => RequestHandler[];
  /** Adds routes that no controller has. */
  readonly routes?: (app: NestExpressApplication) => void;
  /** Bytes that the body of a request may have. */
  readonly bodyLimit: number;
  /** Who is told of requests that fail because of the database; nobody in a process without one. */
  readonly failures?: (app: NestExpressApplication) => RequestFailures;
  /** Told to the process that forked this one, beside the port. */
  readonly ready?: (app: NestExpressApplication) => object;
}

/** What every process has from its first moment on. */
export interface ProcessParts {
  readonly shutdown: Shutdown;
  readonly lostLogLines: LostLogLines;
}

/** Starts the process and tells the one that forked it, if one did. It stops in the order of `STOPPING`. */
export async function startHttp(started: HttpProcess): Promise<void> {
  const { configuration, module, logger, middleware, routes, bodyLimit, failures, ready } = started;
  const parts = { shutdown: new Shutdown(reportOverdue), lostLogLines: new LostLogLines() };
  parts.shutdown.onSignals();
  const adapter = new LimitedExpressAdapter();
  const options = { bodyParser: false, logger, abortOnError: false } as const;
  const app = await NestFactory.create<NestExpressApplication>(module(parts), adapter, options);
  closeWhileStopping(parts.shutdown, adapter.getInstance().response);
  // One layer of the router instead of one for each.
  app.use(inTurn(...middleware(app), jsonBody(bodyLimit)));
  routes?.(app);
  app.useGlobalPipes(new StrictValidationPipe());
  app.useGlobalFilters(new ProblemFilter(failures?.(app)));
  parts.shutdown.at('http', () => closeInTime(adapter));
  await app.init();
  await adapter.listenOn(configuration.PORT, configuration.LISTEN_ADDRESS);
  const { port } = app.getHttpServer().address() as AddressInfo;
  process.send?.({ ready: true, port, ...ready?.(app) });
}

/**
 * Runs `start`. When it fails, the process ends with a message for the person who started it.
 *
 * @param name as the process calls itself
 * @param ports the variables that choose its ports
 */
export async function startOrExplain(name: string, ports: string, start: () => Promise<void>): Promise<void> {
  reachLoopbackDirectly();
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${explain(error, name, ports)}\n`);
    process.exit(1);
  }
}

function reportOverdue(step: string, why: string): void {
  new Logger(Shutdown.name).warn({ message: 'a step of the shutdown was left', step, why });
}

/** Bounds the end of the process: a request that a fault delays for 30 s does not hold it up. */
async function closeInTime(adapter: LimitedExpressAdapter): Promise<void> {
  const cutOff = () => adapter.getHttpServer().closeAllConnections();
  const timer = setTimeout(cutOff, STOPPING.http - CUT_OFF_BEFORE_MS);
  await adapter.close();
  clearTimeout(timer);
}

function inTurn(...handlers: RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    let place = 0;
    const step = (error?: unknown): void => {
      const handler = error ? undefined : handlers[place++];
      if (handler) void handler(request, response, step);
      else next(error);
    };
    step();
  };
}

/**
 * While the process stops, each answer tells its client to send nothing more on this connection; those to requests
 * that came in before, too: otherwise their connections would stay open, and hold up the end. Asked where the headers
 * are written, since a set of the unanswered responses is what V8's garbage collector handles worst: tables it has
 * outgrown keep each of them, until all of the heap is looked through.
 */
function closeWhileStopping(shutdown: Shutdown, response: Response): void {
  const { writeHead } = response;
  response.writeHead = function (this: Response, ...given: Parameters<typeof writeHead>) {
    this.shouldKeepAlive &&= !shutdown.started;
    return writeHead.apply(this, given);
  } as typeof writeHead;
}

function explain(error: unknown, name: string, ports: string): string {
  if (error instanceof ConfigurationError) return error.message;
  const { code, port, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `${name}: port ${port} is in use. Stop what listens there, or set ${ports}.`;
  return `${name} cannot start: ${stack ?? error}`;
}

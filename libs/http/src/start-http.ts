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

/** Milliseconds before the end of the step at which answers that are still unfinished are cut off. */
const CUT_OFF_BEFORE_MS = 500;

/** A process that answers HTTP: one of the services, or the console. */
export interface HttpProcess {
  readonly configuration: { readonly PORT: number; readonly LISTEN_ADDRESS: string };
  /** The module, given the parts that the process has before it. */
  readonly module: (parts: ProcessParts) => DynamicModule;
  readonly logger: LoggerService;
  /** Express middleware that runs before the body is read, in this order. */
  readonly middleware: (app: NestExpressApplication) => RequestHandler[];
  /** Adds routes that belong to no controller. */
  readonly routes?: (app: NestExpressApplication) => void;
  /** Bytes that the body of a request may have. */
  readonly bodyLimit: number;
  /** Gets the requests that fail because of the database; undefined for a process without one. */
  readonly failures?: (app: NestExpressApplication) => RequestFailures;
  /** Sent to the process that forked this one, together with the port. */
  readonly ready?: (app: NestExpressApplication) => object;
}

/** The parts that every process has from its start. */
export interface ProcessParts {
  readonly shutdown: Shutdown;
  readonly lostLogLines: LostLogLines;
}

/** Starts the process and reports it to the one that forked it, if any. It stops in the order of `STOPPING`. */
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
 * @param name that the process goes by
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

/** Limits how long closing takes: a request that a fault delays for 30 s does not hold it up. */
async function closeInTime(adapter: LimitedExpressAdapter): Promise<void> {
  const cutOff = () => adapter.getHttpServer().closeAllConnections();
  const timer = setTimeout(cutOff, STOPPING.http - CUT_OFF_BEFORE_MS);
  await adapter.close();
  clearTimeout(timer);
}

function inTurn(...handlers: RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    let index = 0;
    const step = (error?: unknown): void => {
      const handler = error ? undefined : handlers[index++];
      if (handler) void handler(request, response, step);
      else next(error);
    };
    step();
  };
}

/**
 * While the process stops, each answer asks its client to send nothing more on this connection. That includes answers
 * to requests that came in before: otherwise their connections would stay open and delay the end. The header is set
 * when headers are written, because a set of the unanswered responses is what V8's garbage collector handles worst:
 * tables that the set has outgrown keep each of them until the whole heap is collected.
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

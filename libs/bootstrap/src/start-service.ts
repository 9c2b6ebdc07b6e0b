import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Configuration,
  ConfigurationError,
  readConfiguration,
  type ServiceDefaults,
  VERSION,
} from '@app/configuration';
import { INSTANCE } from '@app/database';
import { Shutdown } from '@app/health';
import { LimitedExpressAdapter } from '@app/http';
import { ProblemFilter } from '@app/problem';
import { Telemetry, TracedLogger, traceRequests } from '@app/telemetry';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { RequestHandler, Response } from 'express';
import { MetricService } from 'nestjs-otel';
import { stopWhenCallerIsGone } from './caller-gone';
import { jsonBody } from './json-body';
import { serveOpenApi } from './open-api';
import { ownPageOnly } from './own-page-only';
import { rootModule } from './root.module';
import { securityHeaders } from './security-headers';
import { stopInTime } from './stop-in-time';
import { StrictValidationPipe } from './validation';

/** What one service is: its name, its port and its module. */
export interface Service extends ServiceDefaults {
  module: Type;
}

/** Starts a service and tells the process that forked it, if one did. Ends the process with a message if it cannot. */
export async function startService({ module, ...defaults }: Service): Promise<void> {
  try {
    await listen(module, readConfiguration(defaults));
  } catch (error) {
    process.stderr.write(`${explain(error, defaults)}\n`);
    process.exit(1);
  }
}

async function listen(module: Type, configuration: Configuration): Promise<void> {
  const { SERVICE_NAME, TELEMETRY_ENCODING } = configuration;
  const telemetry = new Telemetry(
    { name: SERVICE_NAME, version: VERSION, instance: INSTANCE },
    TELEMETRY_ENCODING,
  );
  const app = await NestFactory.create<NestExpressApplication>(
    rootModule(module, configuration, telemetry),
    new LimitedExpressAdapter(),
    { bodyParser: false, logger: new TracedLogger(configuration.LOG_LEVEL), abortOnError: false },
  );
  closeWhen(app.get(Shutdown), app.getHttpAdapter().getInstance().response);
  // One layer of the router instead of five.
  app.use(
    inTurn(
      ...(telemetry.disabled ? [] : [traceRequests(app.get(MetricService))]),
      stopWhenCallerIsGone,
      securityHeaders(),
      ownPageOnly(configuration.LISTEN_ADDRESS),
      jsonBody,
    ),
  );
  app.useGlobalPipes(new StrictValidationPipe());
  app.useGlobalFilters(new ProblemFilter());
  serveOpenApi(app, configuration.SERVICE_NAME, VERSION);
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  stopInTime(app.getHttpServer());
  await app.listen(configuration.PORT, configuration.LISTEN_ADDRESS);
  process.send?.({ ready: true, port: port(app.getHttpServer()) });
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
 * that came in before, too: else their connections would stay open, and hold up the end. Asked where the headers are
 * written, since a set of the unanswered responses is what V8's garbage collector handles worst: tables it has outgrown
 * keep each of them, until all of the heap is looked through.
 */
function closeWhen(shutdown: Shutdown, response: Response): void {
  const { writeHead } = response;
  response.writeHead = function (this: Response, ...given: Parameters<typeof writeHead>) {
    this.shouldKeepAlive &&= !shutdown.started;
    return writeHead.apply(this, given);
  } as typeof writeHead;
}

function port(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function explain(error: unknown, { SERVICE_NAME, PORT }: ServiceDefaults): string {
  if (error instanceof ConfigurationError) return error.message;
  if ((error as { code?: string }).code === 'EADDRINUSE') {
    return `${SERVICE_NAME}: port ${process.env.PORT || PORT} is in use. Stop what listens there, or set PORT.`;
  }
  return `${SERVICE_NAME} cannot start: ${error instanceof Error ? error.stack : error}`;
}

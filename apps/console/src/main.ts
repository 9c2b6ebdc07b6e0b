import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError } from '@app/configuration';
import { LimitedExpressAdapter } from '@app/http';
import { Problem, ProblemFilter } from '@app/problem';
import { ConsoleLogger, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { ConsoleConfiguration } from './configuration/console-configuration';
import { readConsoleConfiguration } from './configuration/read-console-configuration';
import { consoleModule } from './console.module';
import { pageFiles, pageHeaders, sameOriginOnly } from './page';
import { OtlpServer } from './receiver/otlp-server';

/** Milliseconds that a stop waits for answers under way. */
const CUT_OFF_AFTER_MS = 1_000;

async function start(): Promise<void> {
  const configuration = readConsoleConfiguration();
  const app = await NestFactory.create<NestExpressApplication>(
    consoleModule(configuration),
    new LimitedExpressAdapter(),
    { bodyParser: false, logger: logger(configuration), abortOnError: false },
  );
  app.use(pageHeaders(), pageFiles(), sameOriginOnly(configuration), express.json({ limit: '4kb' }));
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter());
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  stopInTime(app.getHttpServer());
  await app.listen(configuration.PORT, configuration.LISTEN_ADDRESS);
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  process.send?.({ ready: true, port, otlpPort: app.get(OtlpServer).port });
}

function logger({ LOG_LEVEL }: ConsoleConfiguration): ConsoleLogger {
  const levels = ['fatal', 'error', 'warn', 'log', 'debug'] as const;
  return new ConsoleLogger({ json: true, logLevels: levels.slice(0, levels.indexOf(LOG_LEVEL) + 1) });
}

function validation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) =>
      Problem.ofFields(
        errors.flatMap(({ property: field, constraints = {} }) =>
          Object.values(constraints).map((detail) => ({ field, detail })),
        ),
      ),
  });
}

/** The streams of viewers have no end of their own. Without the process that forked it the console ends too. */
function stopInTime(server: Server): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => setTimeout(() => server.closeAllConnections(), CUT_OFF_AFTER_MS).unref());
  if (process.send) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}

function explain(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  const { code, port, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `console: port ${port} is in use. Stop what listens there, or set PORT or CONSOLE_OTLP_PORT.`;
  return `console cannot start: ${stack ?? error}`;
}

start().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});

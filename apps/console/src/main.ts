import { readConfiguration, VERSION } from '@app/configuration';
import { refuseCrossOrigin, serveOpenApi, startHttp, startOrExplain } from '@app/http';
import { ConsoleLogger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConsoleConfiguration } from './configuration/console-configuration';
import { consoleModule } from './console.module';
import { pageHeaders, servePage } from './page';
import { OtlpServer } from './receiver/otlp-server';

/** Bytes that the body of a request may have: the largest are the settings of a fault. */
const BODY_LIMIT = 4 * 1_024;

function start(configuration: ConsoleConfiguration): Promise<void> {
  return startHttp({
    configuration,
    module: (parts) => consoleModule(configuration, parts),
    logger: logger(configuration),
    middleware: () => [pageHeaders(), refuseCrossOrigin(configuration.LISTEN_ADDRESS)],
    routes,
    bodyLimit: BODY_LIMIT,
    ready: (app) => ({ otlpPort: app.get(OtlpServer).port }),
  });
}

function routes(app: NestExpressApplication): void {
  servePage(app);
  const description = 'The console of the database load demo: what its page shows and does, for programs.';
  serveOpenApi(app, { title: 'console', description, version: VERSION }, () => ({ secured: false }));
}

function logger({ LOG_LEVEL }: ConsoleConfiguration): ConsoleLogger {
  const levels = ['fatal', 'error', 'warn', 'log', 'debug'] as const;
  return new ConsoleLogger({ json: true, logLevels: levels.slice(0, levels.indexOf(LOG_LEVEL) + 1) });
}

void startOrExplain('console', 'PORT or CONSOLE_OTLP_PORT', () =>
  start(readConfiguration(ConsoleConfiguration)),
);

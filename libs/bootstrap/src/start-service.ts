import { Configuration, readConfiguration, type ServiceKey, serviceOf, VERSION } from '@app/configuration';
import { Failures, INSTANCE, SharedBudget } from '@app/database';
import { refuseCrossOrigin, serveOpenApi, startHttp, startOrExplain } from '@app/http';
import { otelProblems, type Report, Telemetry, TracedLogger, traceRequests } from '@app/telemetry';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { MetricService } from 'nestjs-otel';
import { stopWhenCallerIsGone } from './caller-gone';
import { rootModule } from './root.module';
import { securityHeaders } from './security-headers';

/** Bytes that the body of a request may have. */
const BODY_LIMIT = 16 * 1_024;

/** Starts a service and reports it to the process that forked it, if any. Ends the process with a message if it cannot. */
export function startService(key: ServiceKey, module: Type): Promise<void> {
  const { name, port } = serviceOf(key);
  const defaults = { SERVICE_NAME: name, PORT: port };
  return startOrExplain(name, 'PORT', () => start(module, readConfiguration(Configuration, defaults)));
}

function start(module: Type, configuration: Configuration): Promise<void> {
  const { SERVICE_NAME, TELEMETRY_ENCODING: encoding, LISTEN_ADDRESS, CONSOLE_OTLP_ENDPOINT } = configuration;
  const logger = new TracedLogger(configuration.LOG_LEVEL);
  const report: Report = (level, text) => logger[level](text, Telemetry.name);
  const identity = { name: SERVICE_NAME, version: VERSION, instance: INSTANCE };
  const telemetry = new Telemetry(identity, { encoding, consoleEndpoint: CONSOLE_OTLP_ENDPOINT, report });
  for (const problem of otelProblems()) report('warn', problem);
  const middleware = (app: NestExpressApplication) => [
    ...(telemetry.disabled ? [] : [traceRequests(app.get(MetricService))]),
    stopWhenCallerIsGone,
    securityHeaders(),
    refuseCrossOrigin(LISTEN_ADDRESS),
  ];
  return startHttp({
    configuration,
    module: (parts) => rootModule(module, { configuration, telemetry, ...parts }),
    logger,
    middleware,
    routes: (app) => describe(app, SERVICE_NAME),
    bodyLimit: BODY_LIMIT,
    failures: (app) => app.get(Failures),
  });
}

function describe(app: NestExpressApplication, service: string): void {
  const description = `Part of the database load demo: ${service}, on the PostgreSQL database that three services share.`;
  serveOpenApi(app, { title: service, description, version: VERSION }, () => ({
    secured: app.get(Configuration).CHAOS_TOKEN !== undefined,
    budget: app.get(SharedBudget).view?.max_connections,
  }));
}

import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import type { Database } from './database.ts';
import { pin } from './machine.ts';
import type { Operation } from './operations.ts';

/** One way to build the same operations. */
export interface Variant {
  key: 'node-http' | 'express' | 'untraced' | 'shipped' | 'sdk' | 'auto';
  title: string;
  /** @param prefix words in front of the command; by default, those that pin it */
  start(
    service: Operation['service'],
    database: Pick<Database, 'environment'>,
    sinkPort: number,
    prefix?: string[],
  ): Promise<Child>;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const program = (service: string) => here(`../dist/${service}.js`);
/** The same in modules: those that are part of a program cannot be instrumented from outside. */
const modules = (service: string) => here(`../dist/apps/${service}/src/main.js`);

export const VARIANTS: Variant[] = [
  {
    key: 'node-http',
    title: 'node:http and pg, no framework, no telemetry',
    start: (_service, database) => Child.start([here('peers/node-http.ts')], database.environment, pin),
  },
  {
    key: 'express',
    title: 'Express and pg, no telemetry',
    start: (_service, database) => Child.start([here('peers/express.ts')], database.environment, pin),
  },
  {
    key: 'untraced',
    title: 'this service, OTEL_SDK_DISABLED',
    start: (service, database) =>
      Child.start([program(service)], { ...served(database), OTEL_SDK_DISABLED: 'true' }, pin),
  },
  {
    key: 'shipped',
    title: 'this service as shipped',
    start: (service, database, sinkPort, prefix = pin) =>
      Child.start([program(service)], { ...served(database), ...exporting(sinkPort) }, prefix),
  },
  {
    key: 'sdk',
    title: "this service, spans by the SDK's own tracer",
    start: (service, database, sinkPort, prefix = pin) =>
      Child.start(
        [program(service)],
        { ...served(database), ...exporting(sinkPort), TELEMETRY_ENCODING: 'sdk' },
        prefix,
      ),
  },
  {
    key: 'auto',
    title: 'this service, auto-instrumented instead',
    start: (service, database, sinkPort, prefix = pin) =>
      Child.start(
        ['--require', here('peers/auto-instrumentation.cjs'), modules(service)],
        {
          ...served(database),
          ...exporting(sinkPort),
          OTEL_SERVICE_NAME: `${service}-service`,
          OTEL_METRICS_EXPORTER: 'otlp',
          OTEL_LOGS_EXPORTER: 'otlp',
        },
        prefix,
      ),
  },
];

/** The variables that a service needs. */
function served(database: Pick<Database, 'environment'>): Record<string, string> {
  return { ...database.environment, PORT: '0', LISTEN_ADDRESS: '127.0.0.1', LOG_LEVEL: 'warn' };
}

/** Settings with which each span is kept and sent. */
function exporting(sinkPort: number): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${sinkPort}`,
    OTEL_TRACES_SAMPLER: 'parentbased_always_on',
  };
}

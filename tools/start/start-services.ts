import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { urlVariable } from '@app/configuration';
import type { ServiceAccess } from '../database-configuration';
import { LOGS, program } from '../places';
import { ServiceProcess, type ServiceSettings } from './service-process';
import type { StartedDatabase } from './start-database';
import type { StartRun } from './start-run';
import type { ServiceChoice, StartSettings } from './start-settings';
import { consoleTelemetry, serviceTelemetry } from './start-telemetry';

// The admin's secrets are none of the services' business, and a common name would make them all look like one service.
const NOT_INHERITED = [
  'DB_ADMIN_USER',
  'DB_ADMIN_PASSWORD',
  'DB_ADMIN_DATABASE',
  'SERVICE_NAME',
  'OTEL_SERVICE_NAME',
];

/** It keeps some ten thousand spans. */
const CONSOLE_HEAP_MIB = 256;

/**
 * Starts services and console concurrently and waits until each listens. From then on, one that ends by itself is
 * started again, and the console is informed.
 */
export async function startServices(
  run: StartRun,
  settings: StartSettings,
  database: StartedDatabase,
): Promise<void> {
  mkdirSync(LOGS, { recursive: true });
  const choices = settings.services;
  const shared = environmentFor(database.access);
  const env = { ...shared, ...serviceTelemetry(settings.console.otlpPort) };
  const services: ServiceProcess[] = [];
  run.began({
    what: 'services',
    stop: async () => {
      await run.supervisor.stopKeeping(...services.map(({ name }) => name));
      // The console ends last: until then it receives what the services still have to send.
      await Promise.all(services.slice(0, choices.length).map((service) => service.stop()));
      await services[choices.length]?.stop();
      return services.length > 0;
    },
    kill: async () => {
      for (const service of services) service.kill();
    },
  });
  const restartDatabase = restartWhenAsked(run, database);
  for (const choice of choices) services.push(startService(choice, { env, restartDatabase }));
  const consoleEnv = { ...shared, ...consoleEnvironment(settings) };
  services.push(startService(settings.console, { env: consoleEnv, heapMiB: CONSOLE_HEAP_MIB }));
  await run.step(
    'starting the services',
    () => Promise.all(services.map((service) => service.listening())),
    () => [...choices, settings.console].map(({ name, port }) => `${name} :${port}`).join(', '),
  );
  const page = services[choices.length];
  run.supervisor.onChange((processes) => page?.send({ processes }));
  for (const service of services) run.supervisor.keep(service);
}

function startService(
  { key, name, port }: ServiceChoice,
  more: Pick<ServiceSettings, 'env' | 'heapMiB' | 'restartDatabase'>,
): ServiceProcess {
  return new ServiceProcess({
    name,
    port,
    main: program(key),
    logFile: join(LOGS, `${name}.log`),
    ...more,
  });
}

/** Restarts PostgreSQL on a service's request; undefined if something else runs the server. */
function restartWhenAsked(
  run: StartRun,
  { restart }: StartedDatabase,
): ServiceSettings['restartDatabase'] | undefined {
  if (!restart) return undefined;
  return (awayMs, askedBy) => {
    run.progress.say(`• ${askedBy} asked for a restart of PostgreSQL, which is away for ${awayMs} ms`);
    // A server that does not come up is started again like one that ended by itself.
    restart(awayMs).catch(() => undefined);
  };
}

function consoleEnvironment({ services, console }: StartSettings): NodeJS.ProcessEnv {
  const urls = services.map(({ key, port }) => [urlVariable(key), `http://127.0.0.1:${port}`]);
  return {
    CONSOLE_OTLP_PORT: String(console.otlpPort),
    ...Object.fromEntries(urls),
    ...consoleTelemetry(),
  };
}

function environmentFor(access: ServiceAccess): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.includes(name));
  return {
    // On a laptop, nobody else should be able to switch on faults.
    LISTEN_ADDRESS: 'localhost',
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    DB_HOST: access.host,
    DB_PORT: String(access.port),
    DB_SSL: access.tls,
    DB_NAME: access.database,
    DB_USER: access.user,
    DB_PASSWORD: access.password,
    DB_CONTROL_USER: access.controlUser,
    DB_CONTROL_PASSWORD: access.controlPassword,
    DB_NEIGHBOUR_USER: access.neighbourUser,
    DB_NEIGHBOUR_PASSWORD: access.neighbourPassword,
  };
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS, program } from './places';
import { ServiceProcess } from './service-process';
import type { ServiceAccess } from './set-up-settings';
import type { StartRun } from './start-run';
import type { ServiceChoice, StartSettings } from './start-settings';
import { consoleTelemetry, serviceTelemetry } from './start-telemetry';

// The admin's secrets are not the services' business; a name for all would make the three look like one.
const NOT_INHERITED = [
  'DB_ADMIN_USER',
  'DB_ADMIN_PASSWORD',
  'DB_ADMIN_DATABASE',
  'SERVICE_NAME',
  'OTEL_SERVICE_NAME',
];

/** It keeps some ten thousand spans. */
const CONSOLE_HEAP_MIB = 256;

/** Starts services and console side by side and waits until each listens. The run fails when one ends by itself. */
export async function startServices(
  run: StartRun,
  settings: StartSettings,
  access: ServiceAccess,
): Promise<void> {
  mkdirSync(LOGS, { recursive: true });
  const choices = [settings.product, settings.inventory, settings.order];
  const shared = environmentFor(access);
  const env = { ...shared, ...serviceTelemetry(settings.console.otlpPort) };
  const services: ServiceProcess[] = [];
  run.began({
    what: 'services',
    stop: async () => {
      // The console last: until then it takes what the services still have to send.
      await Promise.all(services.slice(0, choices.length).map((service) => service.stop()));
      await services[choices.length]?.stop();
      return services.length > 0;
    },
    kill: async () => {
      for (const service of services) service.kill();
    },
  });
  for (const choice of choices) services.push(startService(choice, env));
  services.push(
    startService(settings.console, { ...shared, ...consoleEnvironment(settings) }, CONSOLE_HEAP_MIB),
  );
  await run.step(
    'starting the services',
    () => Promise.all(services.map((service) => service.listening())),
    () => [...choices, settings.console].map(({ name, port }) => `${name} :${port}`).join(', '),
  );
  for (const service of services) {
    const { name } = service.settings;
    void service.ended.then((how) => run.fail(`${name} ended by itself (${how}). ${service.lastLines()}`));
  }
}

function startService(
  { folder, name, port }: ServiceChoice,
  env: NodeJS.ProcessEnv,
  heapMiB?: number,
): ServiceProcess {
  return new ServiceProcess({
    name,
    port,
    main: program(folder),
    env,
    heapMiB,
    logFile: join(LOGS, `${name}.log`),
  });
}

function consoleEnvironment({ product, inventory, order, console }: StartSettings): NodeJS.ProcessEnv {
  const url = ({ port }: ServiceChoice) => `http://127.0.0.1:${port}`;
  return {
    CONSOLE_OTLP_PORT: String(console.otlpPort),
    PRODUCT_URL: url(product),
    INVENTORY_URL: url(inventory),
    ORDER_URL: url(order),
    ...consoleTelemetry(),
  };
}

function environmentFor(access: ServiceAccess): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.includes(name));
  return {
    // On a laptop, faults are nobody else's to switch on.
    LISTEN_ADDRESS: '127.0.0.1',
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
  };
}

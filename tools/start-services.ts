import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, LOGS } from './places';
import { ServiceProcess } from './service-process';
import type { ServiceAccess } from './set-up-settings';
import type { StartRun } from './start-run';
import type { ServiceChoice } from './start-settings';

// The admin's secrets are not the services' business; a name for all would make the three look like one.
const NOT_INHERITED = [
  'DB_ADMIN_USER',
  'DB_ADMIN_PASSWORD',
  'DB_ADMIN_DATABASE',
  'SERVICE_NAME',
  'OTEL_SERVICE_NAME',
];

/** Starts the services side by side and waits until each listens. The run fails when one ends by itself. */
export async function startServices(
  run: StartRun,
  choices: readonly ServiceChoice[],
  access: ServiceAccess,
): Promise<void> {
  mkdirSync(LOGS, { recursive: true });
  const env = environmentFor(access);
  const services: ServiceProcess[] = [];
  run.began({
    what: 'services',
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
      return services.length > 0;
    },
    kill: async () => {
      for (const service of services) service.kill();
    },
  });
  for (const choice of choices) services.push(startService(choice, env));
  await run.step(
    'starting the services',
    () => Promise.all(services.map((service) => service.listening())),
    () => choices.map(({ name, port }) => `${name} :${port}`).join(', '),
  );
  for (const service of services) {
    const { name } = service.settings;
    void service.ended.then((how) => run.fail(`${name} ended by itself (${how}). ${service.lastLines()}`));
  }
}

function startService({ folder, name, port }: ServiceChoice, env: NodeJS.ProcessEnv): ServiceProcess {
  const main = join(CHECKOUT, 'dist', 'apps', folder, 'src', 'main.js');
  return new ServiceProcess({ name, port, main, env, logFile: join(LOGS, `${name}.log`) });
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

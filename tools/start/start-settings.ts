import {
  ALL_SERVICES,
  CONSOLE,
  DatabaseAccess,
  portVariable,
  readConfiguration,
  type ServiceKey,
} from '@app/configuration';
import type { SetUpSettings } from '@app/database';
import { IsInt, Max, Min } from 'class-validator';
import {
  DemoOrders,
  OwnDatabase,
  OwnDatabaseToSetUp,
  type ServiceAccess,
  serviceAccess,
  setUpSettings,
} from '../database-configuration';

export interface ServiceChoice<Key = ServiceKey | 'console'> {
  /** Its folder below apps/. */
  readonly key: Key;
  readonly name: string;
  readonly port: number;
  /** The environment variable that sets the port. */
  readonly variable: string;
}

interface ConsoleChoice extends ServiceChoice<'console'> {
  /** The port on which it receives what the services measure. */
  readonly otlpPort: number;
}

/** What the environment requests from `npm start`. */
export interface StartSettings {
  readonly services: readonly ServiceChoice<ServiceKey>[];
  readonly console: ConsoleChoice;
  /** Port of the embedded PostgreSQL. */
  readonly embeddedPort: number;
  readonly connectionBudget: number;
  readonly demoOrders: number;
  /** A PostgreSQL to use instead of the embedded one; set up only if an admin role is given. */
  readonly own?: { readonly access: ServiceAccess; readonly setUp?: SetUpSettings };
}

class EmbeddedDatabase extends DatabaseAccess {
  @DemoOrders()
  DB_DEMO_ORDERS = 0;
}

/** The variables that set a port, each with its default. */
const PORTS = {
  ...Object.fromEntries([...ALL_SERVICES, CONSOLE].map(({ key, port }) => [portVariable(key), port])),
  CONSOLE_OTLP_PORT: CONSOLE.otlpPort,
  EMBEDDED_POSTGRES_PORT: 30_018,
} as Record<ReturnType<typeof portVariable> | 'CONSOLE_OTLP_PORT' | 'EMBEDDED_POSTGRES_PORT', number>;

/**
 * @throws ConfigurationError naming every variable that is wrong
 */
export function readStartSettings(
  { DB_HOST, DB_ADMIN_USER, DB_ADMIN_PASSWORD } = process.env,
): StartSettings {
  if (!DB_HOST) return settings(readConfiguration(withPorts(EmbeddedDatabase)));
  if (!DB_ADMIN_USER && !DB_ADMIN_PASSWORD) {
    const read = readConfiguration(withPorts(OwnDatabase));
    return { ...settings(read), own: { access: serviceAccess(read) } };
  }
  const read = readConfiguration(withPorts(OwnDatabaseToSetUp));
  return { ...settings(read), own: { access: serviceAccess(read), setUp: setUpSettings(read) } };
}

function settings(read: EmbeddedDatabase & typeof PORTS): StartSettings {
  return {
    services: ALL_SERVICES.map((service) => choice(service, read)),
    console: { ...choice(CONSOLE, read), otlpPort: read.CONSOLE_OTLP_PORT },
    embeddedPort: read.EMBEDDED_POSTGRES_PORT,
    connectionBudget: read.DB_CONNECTION_BUDGET,
    demoOrders: read.DB_DEMO_ORDERS,
  };
}

function choice<Key extends ServiceKey | 'console'>(
  { key, name }: { key: Key; name: string },
  read: typeof PORTS,
): ServiceChoice<Key> {
  const variable = portVariable(key);
  return { key, name, port: read[variable], variable };
}

/** The class with a variable for each port. */
function withPorts<Base extends DatabaseAccess>(base: new () => Base): new () => Base & typeof PORTS {
  const named = class extends (base as new () => DatabaseAccess) {
    constructor() {
      super();
      Object.assign(this, PORTS);
    }
  };
  for (const variable of Object.keys(PORTS))
    for (const rule of [IsInt(), Min(1), Max(65_535)]) rule(named.prototype, variable);
  return named as unknown as new () => Base & typeof PORTS;
}

import type { SetUpSettings } from '@app/database';
import { Environment } from './environment';
import {
  readConnectionBudget,
  readServiceAccess,
  readSetUpSettings,
  type ServiceAccess,
} from './set-up-settings';

export interface ServiceChoice {
  /** Below apps/. */
  readonly folder: string;
  readonly name: string;
  readonly port: number;
  /** The environment variable that chooses the port. */
  readonly variable: string;
}

interface ConsoleChoice extends ServiceChoice {
  /** Where it takes what the services measure. */
  readonly otlpPort: number;
}

/** What the environment asks of `npm start`. */
export interface StartSettings {
  readonly product: ServiceChoice;
  readonly inventory: ServiceChoice;
  readonly order: ServiceChoice;
  readonly console: ConsoleChoice;
  /** Port of the embedded PostgreSQL. */
  readonly embeddedPort: number;
  readonly connectionBudget: number;
  /** A PostgreSQL to use in place of the embedded one; set up only when an admin role is given. */
  readonly own?: { readonly access: ServiceAccess; readonly setUp?: SetUpSettings };
}

/** @throws naming every variable that is wrong */
export function readStartSettings(): StartSettings {
  const environment = new Environment();
  const service = (folder: string, variable: string, port: number): ServiceChoice => {
    return { folder, name: `${folder}-service`, port: environment.port(variable, port), variable };
  };
  const settings: StartSettings = {
    product: service('product', 'PRODUCT_PORT', 30_010),
    inventory: service('inventory', 'INVENTORY_PORT', 30_015),
    order: service('order', 'ORDER_PORT', 30_016),
    console: {
      folder: 'console',
      name: 'console',
      port: environment.port('CONSOLE_PORT', 30_017),
      otlpPort: environment.port('CONSOLE_OTLP_PORT', 4_318),
      variable: 'CONSOLE_PORT',
    },
    embeddedPort: environment.port('EMBEDDED_POSTGRES_PORT', 30_018),
    connectionBudget: readConnectionBudget(environment),
    own: environment.has('DB_HOST') ? readOwn(environment) : undefined,
  };
  environment.check();
  return settings;
}

function readOwn(environment: Environment): StartSettings['own'] {
  const admin = environment.has('DB_ADMIN_USER') || environment.has('DB_ADMIN_PASSWORD');
  if (!admin) return { access: readServiceAccess(environment) };
  const setUp = readSetUpSettings(environment);
  return { access: setUp, setUp };
}

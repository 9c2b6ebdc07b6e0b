import { type SetUpSettings, TLS_MODES } from '@app/database';
import type { Environment } from './environment';

/** How the services reach a PostgreSQL: what each of them gets as DB_* variables. */
export type ServiceAccess = Pick<
  SetUpSettings,
  'host' | 'port' | 'tls' | 'database' | 'user' | 'password' | 'controlUser' | 'controlPassword'
>;

/** The services' access to the PostgreSQL that DB_HOST names. */
export function readServiceAccess(environment: Environment): ServiceAccess {
  return {
    host: environment.text('DB_HOST'),
    port: environment.port('DB_PORT', 5432),
    tls: environment.choice('DB_SSL', TLS_MODES),
    database: environment.text('DB_NAME', 'productcatalog'),
    user: environment.text('DB_USER', 'dbadmin'),
    password: environment.text('DB_PASSWORD'),
    controlUser: environment.text('DB_CONTROL_USER', 'dbcontrol'),
    controlPassword: environment.text('DB_CONTROL_PASSWORD'),
  };
}

/** What the set-up of that PostgreSQL needs beside it. */
export function readSetUpSettings(environment: Environment): SetUpSettings {
  return {
    ...readServiceAccess(environment),
    adminUser: environment.text('DB_ADMIN_USER'),
    adminPassword: environment.text('DB_ADMIN_PASSWORD'),
    adminDatabase: environment.text('DB_ADMIN_DATABASE', 'postgres'),
    connectionBudget: readConnectionBudget(environment),
  };
}

/** Connections that all services together may hold. */
export function readConnectionBudget(environment: Environment): number {
  return environment.integer('DB_CONNECTION_BUDGET', 100, 1, 10_000);
}

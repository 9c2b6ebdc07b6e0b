import { DatabaseAccess } from '@app/configuration';
import type { SetUpSettings } from '@app/database';
import { IsInt, IsNotEmpty, IsString, Max, Min } from 'class-validator';

const MUST_BE_SET = { message: '$property is not set' };

/** How the services reach a PostgreSQL: the DB_* variables of each of them. */
export type ServiceAccess = Pick<
  SetUpSettings,
  | ('host' | 'port' | 'tls' | 'database')
  | ('user' | 'password' | 'controlUser' | 'controlPassword' | 'neighbourUser' | 'neighbourPassword')
>;

/** Number of orders that the demo data has at least; 0 leaves the orders as they are. */
export function DemoOrders(): PropertyDecorator {
  return (target, property) => {
    for (const rule of [IsInt(), Min(0), Max(2_000_000)]) rule(target, property);
  };
}

/** The services' access to a PostgreSQL that somebody has: what has no default must be set. */
export class OwnDatabase extends DatabaseAccess {
  /** Host name or address of that server; it must be set. */
  @IsNotEmpty(MUST_BE_SET)
  override DB_HOST = '';

  /** Password that DB_USER has or gets; it must be set. */
  @IsNotEmpty(MUST_BE_SET)
  DB_PASSWORD = '';

  /** Password that DB_CONTROL_USER has or gets; it must be set. */
  @IsNotEmpty(MUST_BE_SET)
  override DB_CONTROL_PASSWORD = '';

  /** Role of a stranger on the server, for the faults that come from there; without a password there is none. */
  @IsNotEmpty()
  DB_NEIGHBOUR_USER = 'dbneighbour';

  /** Password of DB_NEIGHBOUR_USER. */
  @IsString()
  DB_NEIGHBOUR_PASSWORD = '';

  /** Orders that the demo data has at least, up to 2000000; 0 leaves them as they are. */
  @DemoOrders()
  DB_DEMO_ORDERS = 0;
}

/** What the set-up of that PostgreSQL needs beside it. */
export class OwnDatabaseToSetUp extends OwnDatabase {
  /** A role that may create roles and databases; need not be a superuser. */
  @IsNotEmpty(MUST_BE_SET)
  DB_ADMIN_USER = '';

  /** Password of DB_ADMIN_USER. */
  @IsNotEmpty(MUST_BE_SET)
  DB_ADMIN_PASSWORD = '';

  /** An existing database to connect to first. */
  @IsNotEmpty()
  DB_ADMIN_DATABASE = 'postgres';

  /** Seconds that `npm run db:setup` waits for a server that is not there yet. */
  @IsInt()
  @Min(0)
  @Max(3_600)
  DB_SETUP_WAIT_SECONDS = 60;
}

export function serviceAccess(configuration: OwnDatabase): ServiceAccess {
  return {
    host: configuration.DB_HOST,
    port: configuration.DB_PORT,
    tls: configuration.DB_SSL,
    database: configuration.DB_NAME,
    user: configuration.DB_USER,
    password: configuration.DB_PASSWORD,
    controlUser: configuration.DB_CONTROL_USER,
    controlPassword: configuration.DB_CONTROL_PASSWORD,
    neighbourUser: configuration.DB_NEIGHBOUR_USER,
    neighbourPassword: configuration.DB_NEIGHBOUR_PASSWORD,
  };
}

export function setUpSettings(configuration: OwnDatabaseToSetUp): SetUpSettings {
  return {
    ...serviceAccess(configuration),
    adminUser: configuration.DB_ADMIN_USER,
    adminPassword: configuration.DB_ADMIN_PASSWORD,
    adminDatabase: configuration.DB_ADMIN_DATABASE,
    connectionBudget: configuration.DB_CONNECTION_BUDGET,
    demoOrders: configuration.DB_DEMO_ORDERS,
  };
}

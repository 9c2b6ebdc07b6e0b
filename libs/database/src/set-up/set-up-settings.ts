import type { TlsMode } from '@app/postgres-session';

/** What the set-up of a PostgreSQL server needs to know. */
export interface SetUpSettings {
  host: string;
  port: number;
  tls: TlsMode;
  /** A role that may create roles and databases; need not be a superuser. */
  adminUser: string;
  adminPassword: string;
  /** An existing database to connect to first, usually `postgres`. */
  adminDatabase: string;
  /** The database of the services; created if it does not exist. */
  database: string;
  /** Role of the services. Never a superuser, because no limit binds one. */
  user: string;
  password: string;
  /** Role of the control connections, outside the budget. */
  controlUser: string;
  controlPassword: string;
  /** Role of another application on the server, for the faults that come from there. Created only with a password. */
  neighbourUser: string;
  neighbourPassword: string;
  /** Number of orders that the demo data has at least. */
  demoOrders?: number;
  /** Connections that PostgreSQL is to allow `user`. */
  connectionBudget: number;
}

/** Receives one line of progress at a time. */
export type Log = (line: string) => void;

import type { TlsMode } from '../tls';

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
  /** The database of the services; made if it is not there. */
  database: string;
  /** Role of the services. Never a superuser: no limit binds one. */
  user: string;
  password: string;
  /** Role of the control connections, outside the budget. */
  controlUser: string;
  controlPassword: string;
  /** Connections that PostgreSQL will allow `user`. */
  connectionBudget: number;
}

/** Receives one line of progress at a time. */
export type Log = (line: string) => void;

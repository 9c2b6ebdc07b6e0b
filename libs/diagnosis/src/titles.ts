import type { FailureName } from './signs';

/** Each failure in words for people who know no database; headlines use them. */
export const TITLES: Readonly<Record<FailureName, string>> = {
  'server-restart': 'The database server was restarted',
  'sessions-killed': 'Somebody ends the connections of the services',
  'lock-queue': 'A table is locked, and everybody queues behind it',
  deadlocks: 'Transactions block each other, and PostgreSQL ends one of them',
  'hot-row-lock': 'One row is locked, and all who need it wait',
  'statement-timeout': 'Queries run into their time limit and are cut off',
  'server-connections-full': 'The server has no connection left for anybody',
  'retry-storm': 'Callers give up and ask again, and so make the load they suffer from',
  'transaction-across-call': 'Transactions stay open while a service waits for something else',
  'idle-in-transaction': 'Transactions stay open and do nothing',
  'pool-too-small': 'A service may open too few connections',
  'connection-leak': 'Connections are taken one by one and not given back',
  'pool-exhaustion': 'Connections are taken and not used',
  'network-latency': 'The network to the database is slow',
  'network-half-open': 'The database has gone silent for some connections',
  'connection-storm': 'Connections are opened and closed all the time',
  'missing-index': 'A query reads whole tables to find a few rows',
  'n-plus-one': 'A list is followed by one query for each of its rows',
  'noisy-neighbour': 'Somebody else keeps the database server busy',
  'slow-queries': 'The database takes much longer for the same queries',
  'slow-commit': 'Writing is slow: the server takes long to commit',
};

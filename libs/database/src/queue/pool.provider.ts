import { Configuration } from '@app/configuration';
import type { FactoryProvider } from '@nestjs/common';
import { Pool, type PoolConfig } from 'pg';
import { poolSettings } from '../budget/connection-settings';
import { NetworkPath } from '../budget/network-path';
import { PooledConnection } from './pooled-connection';

/**
 * The one pool of this process. Statements go through `Database`, which waits for a connection in turn;
 * `pool.query` would destroy the connection at any SQL error.
 */
export const poolProvider: FactoryProvider<Pool> = {
  provide: Pool,
  inject: [Configuration, NetworkPath],
  useFactory: (configuration: Configuration, path: NetworkPath) => {
    const pool = new Pool({
      ...poolSettings(configuration),
      // The pool gives it these settings; pg's types do not know that.
      Client: PooledConnection as unknown as PoolConfig['Client'],
      stream: () => path.socket(),
      max: configuration.DB_POOL_MAX,
      min: configuration.DB_POOL_MIN,
      idleTimeoutMillis: configuration.DB_POOL_IDLE_TIMEOUT_MS,
    });
    // Without listeners, a server that ends a session (57P01) would end this process.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  },
};

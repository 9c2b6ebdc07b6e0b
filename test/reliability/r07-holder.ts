import { eventually } from '../support/eventually';
import { System } from '../support/system';
import type { Row } from './row';

/** R7 as far as killing the holder goes. */
export const HOLDER: Row = {
  id: 'R7',
  claim: 'A holder that is killed, runs out of time or is stopped gives all its slots back',
  async measure({ full, progress }) {
    const system = await System.start();
    try {
      let slowest = 0;
      const rounds = full ? 10 : 1;
      for (let round = 1; round <= rounds; round++) {
        progress(`kill ${round} of ${rounds}`);
        const inventory = await system.service('inventory');
        await inventory.post('/demo/simulate-pool-exhaustion', { connections: 95 });
        await eventually(async () => {
          if ((await system.openConnections()) < 95) throw new Error('not yet 95');
        });
        const killed = performance.now();
        await inventory.stop('SIGKILL');
        await eventually(async () => {
          if ((await system.openConnections()) > 0) throw new Error('still open');
        });
        slowest = Math.max(slowest, performance.now() - killed);
      }
      return [
        {
          name: 'slots free after kill -9, slowest',
          measured: `${slowest.toFixed(0)} ms`,
          mustReach: '<= 2 s',
          holds: slowest <= 2_000,
        },
      ];
    } finally {
      await system.stop();
    }
  },
};

import { SERVICES } from '../support/release.ts';
import { Traffic } from '../support/requests.ts';
import type { Step, Surroundings } from '../support/suite.ts';

const PER_SECOND = 50;

export const ROLLOUTS: Step[] = [
  {
    title: 'A rolling restart of one replica refuses nobody',
    run: (surroundings) => untouched(surroundings, 500, ({ release }) => release.rollOut(...SERVICES)),
  },
  {
    title: 'A rolling restart of two replicas refuses nobody',
    leavesTraces: true,
    run: async (surroundings) => {
      const { release, helm4 } = surroundings;
      await release.apply(helm4, 'upgrade', 'replicaCount=2');
      return untouched(surroundings, 500, () => release.rollOut(...SERVICES));
    },
  },
  {
    title: 'Upgrade and rollback of one replica under 50 requests/s refuse nobody',
    run: (surroundings) =>
      untouched(surroundings, 2_000, async ({ release, helm4 }) => {
        await release.apply(helm4, 'upgrade', 'replicaCount=1', 'config.logLevel=debug');
        await release.run(helm4, 'rollback', release.name, '--wait', '--timeout', '5m');
      }),
  },
];

/** Sends requests at a steady rate while something happens: each must be served. */
async function untouched(
  surroundings: Surroundings,
  atLeast: number,
  happening: (surroundings: Surroundings) => Promise<void>,
): Promise<string> {
  const traffic = new Traffic(await surroundings.addresses.reads(surroundings.release), PER_SECOND);
  let happened: unknown;
  await happening(surroundings).catch((error: unknown) => {
    happened = error;
  });
  const { sent, failed, troubles } = await traffic.stop(atLeast);
  if (happened) throw happened;
  if (failed > 0) throw new Error(`${failed} of ${sent} requests failed: ${troubles}`);
  return `${sent} requests, 0 failed`;
}

import { setTimeout } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { backAfter, Load } from '../support/load';
import type { RunningService } from '../support/running-service';
import { System } from '../support/system';
import { isSuccess, usualRequest } from '../support/usual-request';
import { causesAmong, distinct, exactly, within } from './figures';
import type { Row, Run } from './row';

const BUSY_MACHINE_MS = 2_000;
/** Requests a second to all three services together. */
const REQUESTS_PER_SECOND = 50;
/** Health checks a second in addition, to all three services together: their answers count too. */
const HEALTH_CHECKS_PER_SECOND = 15;
/** Milliseconds after each restart, before the next one. */
const WATCHED_MS = 1_500;
/** What a restart is to a request: its session ends, or no new one is to be had. */
const CAUSES = ['unreachable', 'connection_lost', 'server_stopping', 'server_crashed'] as const;

export const RESTARTS: Row = {
  id: 'R2',
  claim: 'Services live through restarts of PostgreSQL under load: no exit, no answer but success and 503',
  byTime: true,
  async measure(run) {
    const system = await System.start();
    try {
      const services = await Promise.all(
        (['product', 'inventory', 'order'] as const).map((name) => system.service(name)),
      );
      for (const service of services) await well(service);
      const restarts = run.full ? 20 : 2;
      const seen = await restartUnderLoad(system, services, restarts, run);
      const wellAgain = await Promise.allSettled(services.map(well));
      const exits = services.filter(
        ({ process }) => process.exitCode !== null || process.signalCode !== null,
      );
      return [
        exactly(`processes that ended in ${restarts} restarts`, exits.length, 0),
        exactly(
          'services that call themselves well afterwards',
          wellAgain.filter(({ status }) => status === 'fulfilled').length,
          services.length,
        ),
        {
          name: `answers other than success and 503, of ${seen.statuses.length}`,
          measured: `${distinct(seen.others)}; ${seen.unavailable} were 503`,
          mustReach: 'none',
          holds: seen.statuses.length > 0 && seen.others.length === 0,
        },
        causesAmong('causes that answers named', seen.causes, CAUSES),
        within('back to 100 % after a fast restart', seen.back.fast, 1_000, BUSY_MACHINE_MS),
        within('back to 100 % after an immediate restart', seen.back.immediate, 1_000, BUSY_MACHINE_MS),
      ];
    } finally {
      await system.stop();
    }
  },
};

async function restartUnderLoad(system: System, services: RunningService[], restarts: number, run: Run) {
  const load = (perSecond: number, request: (service: RunningService) => Promise<{ status: number }>) =>
    services.map((service) => new Load(perSecond / services.length, run.random, () => request(service)));
  const usual = load(REQUESTS_PER_SECOND, (service) => usualRequest(service, run.random.next()));
  const health = load(HEALTH_CHECKS_PER_SECOND, (service) => service.get('/health'));
  const back = { fast: 0, immediate: 0 };
  for (let restart = 1; restart <= restarts; restart++) {
    const mode = restart % 2 ? 'fast' : 'immediate';
    run.progress(`restart ${restart} of ${restarts}, ${mode}`);
    const accepting = await system.restartPostgres(mode);
    await setTimeout(WATCHED_MS + run.random.between(0, 500));
    // It is measured before the next restart fails requests again. The slowest of the services counts.
    back[mode] = Math.max(back[mode], ...usual.map(({ sent }) => backAfter(sent, accepting)));
  }
  const requests = (await Promise.all(usual.map((each) => each.stop()))).flat();
  const checks = (await Promise.all(health.map((each) => each.stop()))).flat();
  const statuses = [...requests, ...checks].map(({ status }) => status);
  return {
    statuses,
    causes: requests.filter(({ status }) => !isSuccess(status)).map(({ cause }) => cause),
    others: statuses.filter((status) => !isSuccess(status) && status !== 503),
    unavailable: statuses.filter((status) => status === 503).length,
    back,
  };
}

async function well(service: RunningService): Promise<void> {
  await eventually(async () => {
    const { status } = (await service.get('/health')).body;
    if (status !== 'ok') throw new Error(`${service.name} is ${status}`);
  });
}

import { type Check, type CheckedSystem, failed, passed, type Verdict } from './check';
import type { Observed } from './observed';
import { until } from './until';

/** Operations that a database view must list. */
const EXPECTED_OPERATIONS = [
  'product-service SELECT products',
  'inventory-service SELECT products',
  'inventory-service UPDATE products',
  'order-service SELECT orders',
  'order-service INSERT orders',
];

/** Checks that what the services measure arrives, and is complete. */
export const TELEMETRY: Check[] = [
  {
    id: 'catalog',
    title: 'The catalog shows all services and operations',
    disturbs: false,
    run: (system) =>
      observed(system, ({ operations }) => {
        const missing = EXPECTED_OPERATIONS.filter((operation) => !operations.includes(operation));
        return missing.length > 0
          ? failed(`not seen: ${missing.join(', ')}`)
          : passed(`all ${EXPECTED_OPERATIONS.length} operations of 3 services`);
      }),
  },
  {
    id: 'attributes',
    title: 'Every database span of the services has the required attributes',
    disturbs: false,
    run: (system) =>
      observed(system, ({ examined, missing }) => {
        if (examined === 0) return failed('no database span yet');
        return missing.length > 0
          ? failed(`missing: ${missing.join(', ')}`)
          : passed(`the latest ${examined} spans; those of other programs are not judged`);
      }),
  },
  {
    id: 'pool-figures',
    title: 'Spans of the services carry the figures of the pool',
    disturbs: false,
    run: (system) =>
      observed(system, ({ examined, with_pool_figures, latest_pool }) => {
        const evidence = `${with_pool_figures} of the latest ${examined} spans`;
        const complete = examined > 0 && with_pool_figures === examined;
        return complete ? passed(`${evidence}; the last one says ${latest_pool}`) : failed(evidence);
      }),
  },
];

/** Evaluates what was observed, repeatedly until it passes or the patience ends. */
async function observed(system: CheckedSystem, evaluate: (seen: Observed) => Verdict): Promise<Verdict> {
  let verdict: Verdict = { state: 'skipped', evidence: 'there is no console to ask' };
  await until(system.patienceMs, async () => {
    const seen = await system.observed();
    if (seen) verdict = evaluate(seen);
    return verdict.state !== 'failed';
  });
  return verdict;
}

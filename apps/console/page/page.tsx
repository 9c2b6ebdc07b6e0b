import { BudgetCard } from './budget/budget-card';
import { HistoryCard } from './budget/history-card';
import { CatalogCard } from './catalog/catalog-card';
import { ChecksCard } from './control/checks-card';
import { FaultsCard } from './control/faults-card';
import { LoadCard } from './control/load-card';
import { Foot } from './foot';
import { Head } from './head';
import { view } from './live';
import { MessageLine } from './message';
import { TracePanel } from './trace/trace-panel';

/** Left: what PostgreSQL counts. Middle: what the services measure. Right: what a presenter does. */
export function Page() {
  return (
    <>
      <Head />
      {view.value ? (
        <main>
          <div class="column">
            <BudgetCard />
            <HistoryCard />
          </div>
          <div class="column">
            <CatalogCard />
          </div>
          <div class="column">
            <FaultsCard />
            <LoadCard />
            <ChecksCard />
          </div>
        </main>
      ) : (
        <p class="waiting">Waiting for the console…</p>
      )}
      <Foot />
      <TracePanel />
      <MessageLine />
    </>
  );
}

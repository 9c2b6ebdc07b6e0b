import { viewKind } from './address';
import { BudgetCard } from './budget/budget-card';
import { CatalogCard } from './catalog/catalog-card';
import { ServiceChartsCard } from './catalog/service-charts-card';
import { HistoryCharts } from './charts/history-charts';
import { ChecksCard } from './control/checks-card';
import { LoadCard } from './control/load-card';
import { EventsCard } from './events-card';
import { FaultsCard } from './faults/faults-card';
import { Foot } from './foot';
import { Head } from './head';
import { Help } from './help';
import { staleMs, view } from './live';
import { MessageLine } from './message';
import { inOrder, serviceColor } from './service-color';
import { SessionPanel } from './session/session-panel';
import { Stories } from './stories/stories';
import { theme } from './theme';
import { TracePanel } from './trace/trace-panel';

/** One page in two views: what people in the last row can read, and everything. */
export function Page() {
  const stale = staleMs.value !== undefined;
  return (
    <>
      <div class={`page ${stale ? 'stale' : ''}`}>
        <Head />
        {!view.value && <p class="waiting">Waiting for the console…</p>}
        {view.value && (viewKind.value === 'stage' ? <Stage /> : <Desk />)}
      </div>
      <TracePanel />
      <SessionPanel />
      <Stories />
      <Help />
      <MessageLine />
    </>
  );
}

/** Left: the queue and the connections. Middle: how the time is spent. Right: what a presenter does. */
function Stage() {
  return (
    <main class="stage">
      <BudgetCard />
      <ServiceChartsCard />
      <FaultsCard />
    </main>
  );
}

/** The same, together with history, the catalog, load, events and checks. */
function Desk() {
  return (
    <>
      <main class="desk">
        <div class="column">
          <BudgetCard />
          <HistoryCard />
          <EventsCard />
        </div>
        <div class="column">
          <ServiceChartsCard />
          <CatalogCard />
        </div>
        <div class="column">
          <FaultsCard />
          <LoadCard />
          <ChecksCard />
        </div>
      </main>
      <Foot />
    </>
  );
}

function HistoryCard() {
  const { history, bands = [] } = view.value ?? {};
  if (!history) return null;
  const names = inOrder(Object.keys(history.services)).filter((name) => history.services[name]);
  return (
    <section class="card grows" aria-label="Connections and queue over time">
      <HistoryCharts
        history={history}
        names={names}
        bands={bands}
        theme={theme.value}
        colorOf={serviceColor}
      />
    </section>
  );
}

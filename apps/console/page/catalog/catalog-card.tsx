import { signal } from '@preact/signals';
import type { CatalogView } from '../../src/catalog/catalog';
import { asSpanMetrics, database, windowMinutes } from '../address';
import { Button } from '../button';
import { HeatMap } from '../charts/heat-map';
import { LineCharts } from '../charts/line-charts';
import { Backends } from '../conformance/backends';
import { view } from '../live';
import { Scrolls } from '../scrolls';
import { Tabs } from '../tabs';
import { theme } from '../theme';
import { CallingServices, Databases, Operations, Queries } from './tables';

const TABS = {
  queries: 'Queries',
  operations: 'Operations',
  services: 'Calling services',
  heat: 'Heat map',
  backends: 'What backends show',
};

type Tab = keyof typeof TABS;

const tab = signal<Tab>('operations');

/** The database catalog as in database views, made from the spans of the services. */
export function CatalogCard() {
  const catalog = view.value?.catalog;
  if (!catalog) return null;
  const { databases, selected, details, passed_caps, now_seconds } = catalog;
  const chosen = databases.find((row) => row.database === selected);
  return (
    <section class="card catalog grows" aria-labelledby="catalog-title">
      <div class="card-head">
        <h2 id="catalog-title">
          Database catalog, last {windowMinutes.value} min; now is the last {now_seconds} s
        </h2>
        <Button
          pressed={asSpanMetrics.value}
          onPress={() => {
            asSpanMetrics.value = !asSpanMetrics.value;
          }}
        >
          As span metrics show it
        </Button>
      </div>
      {passed_caps.map((sentence) => (
        <p key={sentence} class="bad">
          {sentence}
        </p>
      ))}
      <Databases
        rows={databases}
        selected={selected}
        choose={(name) => {
          database.value = name;
        }}
      />
      {chosen && details ? (
        <LineCharts
          series={details.series}
          statistics={chosen}
          bands={view.value?.bands ?? []}
          theme={theme.value}
        />
      ) : (
        <p class="waiting">
          No database span has arrived in this window. The services send them to port 4318.
        </p>
      )}
      <Details details={details} />
    </section>
  );
}

function Details({ details }: { details: CatalogView['details'] }) {
  return (
    <Tabs
      id="tab"
      label="Details of the database"
      titles={TABS}
      chosen={tab.value}
      choose={(name) => {
        tab.value = name;
      }}
    >
      <Scrolls label={TABS[tab.value]}>
        {details && tab.value === 'queries' && <Queries rows={details.statements} />}
        {details && tab.value === 'operations' && <Operations rows={details.operations} />}
        {details && tab.value === 'services' && <CallingServices rows={details.calling_services} />}
        {details?.series.heat && tab.value === 'heat' && (
          <HeatMap series={details.series} bands={view.value?.bands ?? []} theme={theme.value} />
        )}
        {tab.value === 'backends' && <Backends />}
      </Scrolls>
    </Tabs>
  );
}

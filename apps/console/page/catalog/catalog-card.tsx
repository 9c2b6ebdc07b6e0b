import { signal } from '@preact/signals';
import type { DatabaseView } from '../../src/catalog/catalog';
import { duration, whole } from '../format';
import { view, windowMinutes } from '../live';
import { ServiceNames } from '../service-names';
import { Charts } from './charts';
import { CallingServices, Operations, Queries } from './tables';

const TABS = { queries: 'Queries', services: 'Calling services' };

const tab = signal<keyof typeof TABS>('queries');

/** The database catalog as database views have it, from the spans of the services. */
export function CatalogCard() {
  const databases = view.value?.catalog.databases ?? [];
  const [database] = databases;
  return (
    <section class="card catalog grows" aria-labelledby="catalog-title">
      <div class="card-head">
        <h2 id="catalog-title">Database catalog, last {windowMinutes.value} min</h2>
      </div>
      <Databases databases={databases} />
      {database ? (
        <>
          <Charts series={database.series} statistics={database} />
          <Operations rows={database.operations} />
          <div class="segments tabs" role="tablist" aria-label="Details of the database">
            {Object.entries(TABS).map(([key, label]) => (
              <button
                key={key}
                type="button"
                role="tab"
                id={`tab-${key}`}
                aria-selected={tab.value === key}
                aria-controls="tab-panel"
                onClick={() => {
                  tab.value = key as keyof typeof TABS;
                }}
              >
                {label}
              </button>
            ))}
          </div>
          <div class="scrolls" id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`}>
            {tab.value === 'queries' && <Queries rows={database.statements} />}
            {tab.value === 'services' && <CallingServices rows={database.calling_services} />}
          </div>
        </>
      ) : (
        <p class="waiting">
          No database span has arrived in this window. The services send them to port 4318.
        </p>
      )}
    </section>
  );
}

function Databases({ databases }: { databases: DatabaseView[] }) {
  return (
    <table class="databases">
      <thead>
        <tr>
          <th scope="col">Db Name</th>
          <th scope="col">Db System</th>
          <th scope="col">Services</th>
          <th scope="col">Average Latency</th>
          <th scope="col">Total Queries</th>
          <th scope="col">Total Failures</th>
        </tr>
      </thead>
      <tbody>
        {databases.map((row) => (
          <tr key={`${row.database} ${row.system}`}>
            <th scope="row">{row.database}</th>
            <td>{row.system}</td>
            <td>
              <ServiceNames services={row.services} />
            </td>
            <td>{duration(row.average_ms)}</td>
            <td>{whole(row.queries)}</td>
            <td class={row.failures > 0 ? 'bad' : ''}>{whole(row.failures)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import { viewKind } from '../address';
import { ServiceCharts } from '../charts/service-charts';
import { view } from '../live';
import { serviceColor } from '../service-color';
import { theme } from '../theme';

/** How the time is spent: waiting for a connection, and running in the database. */
export function ServiceChartsCard() {
  const { catalog, bands = [] } = view.value ?? {};
  const series = catalog?.details?.series;
  return (
    <section class="card times" aria-labelledby="times-title">
      <div class="card-head">
        <h2 id="times-title">Query time</h2>
        <span class="keys">
          <span>
            <i class="dash warn" /> waiting
          </span>
          <span>
            <i class="dash text" /> running
          </span>
          <span>
            <i class="dash bad-tint" /> fault on
          </span>
        </span>
      </div>
      {series && series.services.length > 0 ? (
        <ServiceCharts
          series={{ ...series, services: series.services.slice(0, 3) }}
          bands={bands}
          theme={theme.value}
          colorOf={serviceColor}
          stacked={viewKind.value === 'stage'}
        />
      ) : (
        <p class="waiting">No query has arrived yet. The services send their spans to port 4318.</p>
      )}
    </section>
  );
}

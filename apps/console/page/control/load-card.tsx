import type { LoadView } from '../../src/load/console-load';
import { setLoad } from '../actions';
import { Button } from '../button';
import { duration, whole } from '../format';
import { view } from '../live';

/** The load: how many arrive, and how they fare. */
export function LoadCard() {
  const load = view.value?.load;
  if (!load) return null;
  const { rate, paused, under_way, dropped } = load;
  const late = load.operations.reduce((sum, operation) => sum + operation.late, 0);
  return (
    <section class="card load" aria-labelledby="load-title">
      <div class="card-head">
        <h2 id="load-title">Load</h2>
        <p class="figure">
          <b>{paused ? 0 : rate}</b> arrivals / s
        </p>
        <Button
          label={paused ? 'Resume the load' : 'Pause the load'}
          hotkey="8"
          pressed={paused}
          onPress={() => setLoad({ paused: !paused })}
        >
          {paused ? 'Resume' : 'Pause'}
        </Button>
      </div>
      <input
        type="range"
        aria-label="Arrivals per second"
        min={1}
        max={100}
        value={rate}
        onChange={({ currentTarget }) => setLoad({ rate: Number(currentTarget.value) })}
      />
      <Figures load={load} />
      <p class="hint">
        Last minute. {under_way} under way, {late} late, {dropped} dropped. Users arrive whether or not the
        database keeps up.
      </p>
    </section>
  );
}

function Figures({ load }: { load: LoadView }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Operation</th>
          <th scope="col">ok</th>
          <th scope="col">409</th>
          <th scope="col">503</th>
          <th scope="col">other</th>
          <th scope="col">p95</th>
        </tr>
      </thead>
      <tbody>
        {load.operations.map(({ operation, ok, conflict, unavailable, failed, p95_ms }) => (
          <tr key={operation}>
            <th scope="row">{operation}</th>
            <td>{whole(ok)}</td>
            <td>{whole(conflict)}</td>
            <td class={unavailable > 0 ? 'bad' : ''}>{whole(unavailable)}</td>
            <td class={failed > 0 ? 'bad' : ''}>{whole(failed)}</td>
            <td>{duration(p95_ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

import { duration, whole } from '../format';
import { view } from '../live';

/** How the load is set, and what its users experience. */
export function LoadCard() {
  const load = view.value?.load;
  if (!load) return null;
  const { under_way, dropped, operations } = load;
  const late = operations.reduce((sum, operation) => sum + operation.late, 0);
  return (
    <section class="card load" aria-labelledby="load-title">
      <h2 id="load-title">Requests of the last minute</h2>
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
          {operations.map(({ operation, ok, conflict, unavailable, failed, p95_ms }) => (
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
      <p class="hint">
        {under_way} under way, {late} late, {dropped} dropped. Users arrive whether or not the database keeps
        up.
      </p>
    </section>
  );
}

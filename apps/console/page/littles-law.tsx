import { duration, rate } from './format';
import { view } from './live';

/** Arrivals × hold time = connections needed: the result of the law, beside what PostgreSQL counts. */
export function LittlesLawLine() {
  const law = view.value?.littles_law;
  if (!law) return null;
  const { arrivals_per_second, hold_ms, needed, seen, available, saturates_at } = law;
  return (
    <p
      class={`law ${needed > available ? 'bad' : ''}`}
      title="Little's law: arrivals × hold time = connections needed"
    >
      {rate(arrivals_per_second)}/s × {duration(hold_ms)} = <b>{connections(needed)}</b> needed ·{' '}
      <b>{connections(seen)}</b> at work · {available} there are · enough up to <b>{rate(saturates_at)}/s</b>
    </p>
  );
}

function connections(count: number): string {
  return count < 10 ? count.toFixed(1) : String(Math.round(count));
}

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ServiceConformance } from '../../src/conformance/conformance-watch';
import { whole } from '../format';
import { inOrder } from '../service-color';
import { evaluated, keepAsking } from './asked';

type Reader = ServiceConformance['readers'][number];
type Rule = Reader['broken'][number];

const chosenService = signal<string>();

/** What each backend makes of what a service sends here. */
export function Backends() {
  useEffect(keepAsking, []);
  const services = evaluated.value;
  if (!services) return <p class="hint">Asking what backends need…</p>;
  const names = inOrder(services.map(({ service }) => service)).filter((name) => find(services, name));
  const worse = (name: string) => find(services, name)?.readers.some(({ state }) => state === 'not shown');
  const shown = find(services, chosenService.value) ?? find(services, names.find(worse) ?? names[0]);
  if (!shown) return <p class="hint">Nobody has sent anything yet. OTLP is taken at port 4318.</p>;
  const { spans, metrics, logs } = shown.judged;
  return (
    <>
      <label class="filter">
        Sent by{' '}
        <select
          value={shown.service}
          onChange={({ currentTarget }) => {
            chosenService.value = currentTarget.value;
          }}
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {name}: {tally(find(services, name))}
            </option>
          ))}
        </select>{' '}
        <span>
          latest {whole(spans)} spans, {whole(metrics)} data points, {whole(logs)} log records
        </span>
      </label>
      <Verdicts key={shown.service} readers={shown.readers} />
    </>
  );
}

function Verdicts({ readers }: { readers: Reader[] }) {
  const of = (state: State) => readers.filter((reader) => stateOf(reader) === state);
  const names = (state: State) =>
    of(state)
      .map(({ name }) => name)
      .join(', ') || 'none';
  return (
    <ul class="backends">
      {[...of('failed'), ...of('warned')].map((reader) => (
        <li key={reader.reader} class={stateOf(reader)}>
          <details>
            <summary>
              <span class="mark" role="img" aria-label={stateOf(reader)}>
                {MARKS[stateOf(reader)]}
              </span>{' '}
              <b>{reader.name}</b> {stateOf(reader)}: {counts(reader)}
            </summary>
            {reader.broken.map((rule) => (
              <BrokenRule key={rule.id} rule={rule} />
            ))}
          </details>
        </li>
      ))}
      <li class="passed">
        <span class="mark" aria-hidden="true">
          ✓
        </span>{' '}
        <b>Held</b>: {names('held')}
      </li>
      <li class="hint">Nothing to judge: {names('nothing')}</li>
    </ul>
  );
}

function BrokenRule({ rule }: { rule: Rule }) {
  const { title, without, level, source, broken, checked, examples } = rule;
  return (
    <div class="broken-rule">
      <p>
        {title}. <span class={level === 'required' ? 'bad' : ''}>{without}</span>
      </p>
      <p class="hint">
        {level}, broken by {whole(broken)} of {whole(checked)}
        {examples[0] && <>, as by {examples[0]}</>} ·{' '}
        <a href={source.address} target="_blank" rel="noopener noreferrer">
          source
        </a>{' '}
        of {source.asOf}
      </p>
    </div>
  );
}

type State = 'held' | 'warned' | 'failed' | 'nothing';

const MARKS: Record<State, string> = { held: '✓', warned: '!', failed: '✗', nothing: '–' };

/** What is only optional is not a warning. */
function stateOf({ state, broken }: Reader): State {
  if (state === 'nothing') return 'nothing';
  if (state === 'not shown') return 'failed';
  return broken.some(({ level }) => level === 'recommended') ? 'warned' : 'held';
}

function counts({ broken }: Reader): string {
  return [...Map.groupBy(broken, ({ level }) => level)]
    .map(([level, rules]) => `${rules.length} ${level}`)
    .join(', ');
}

function tally(service: ServiceConformance | undefined): string {
  const states = Map.groupBy(service?.readers ?? [], stateOf);
  const said = (['failed', 'warned', 'held'] as const).map(
    (state) => `${states.get(state)?.length ?? 0} ${state}`,
  );
  return said.join(', ');
}

function find(services: readonly ServiceConformance[], name: string | undefined) {
  return services.find(({ service }) => service === name);
}

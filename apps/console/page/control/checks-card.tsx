import { runChecks } from '../actions';
import { Button } from '../button';
import { view } from '../live';
import { Scrolls } from '../scrolls';

const MARKS = { passed: '✓', failed: '✗', skipped: '–', running: '…', unknown: '○' };

/** What must be true, each with the evidence for it; those that failed first. */
export function ChecksCard() {
  const { checks = [], checks_running = false } = view.value ?? {};
  const passed = checks.filter(({ state }) => state === 'passed').length;
  const failedFirst = checks.toSorted((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed'));
  return (
    <section class="card checks grows" aria-labelledby="checks-title">
      <div class="card-head">
        <h2 id="checks-title">Checks</h2>
        <p class="figure">
          <b>{passed}</b> of {checks.length}
        </p>
        <Button
          label="checks"
          hotkey="9"
          because={checks_running ? 'All checks are running already.' : undefined}
          onPress={runChecks}
        >
          {checks_running ? 'Running…' : 'Run all'}
        </Button>
      </div>
      <Scrolls label="Results of the checks">
        <ul>
          {failedFirst.map(({ id, title, state, evidence }) => (
            <li key={id} class={state}>
              <span class="mark" role="img" aria-label={state}>
                {MARKS[state]}
              </span>
              <span title={evidence}>
                {title}
                <small>{evidence}</small>
              </span>
            </li>
          ))}
        </ul>
      </Scrolls>
    </section>
  );
}

import { useState } from 'preact/hooks';
import type { PlanView } from '../../src/plans/plan-reader';
import { Button } from '../button';
import { duration } from '../format';
import { Scrolls } from '../scrolls';

/**
 * What PostgreSQL would do for a statement, requested by a button.
 *
 * @param path where the console answers with it
 */
export function Plan({ path }: { path: string }) {
  const [plan, setPlan] = useState<PlanView>();
  const [trouble, setTrouble] = useState('');
  const ask = async () => {
    const response = await fetch(path).catch(() => undefined);
    const answer = await response?.json();
    setPlan(response?.ok ? answer : undefined);
    setTrouble(response?.ok ? '' : (answer?.detail ?? 'The console does not answer.'));
  };
  return (
    <>
      <p class="buttons">
        <Button label="of PostgreSQL, without running it" onPress={ask}>
          {plan ? 'Plan again' : 'Plan'}
        </Button>
        {plan && (
          <span class="hint">
            For parameters of any value, of the tables in public; not run. Planned in {duration(plan.ms)}.
          </span>
        )}
        {trouble && <output class="bad">{trouble}</output>}
      </p>
      {plan && (
        <Scrolls label="Plan of the query" class="statement-text plan">
          <pre>{plan.lines.join('\n')}</pre>
          {plan.cut && <p class="hint">There is more of it than is shown.</p>}
        </Scrolls>
      )}
    </>
  );
}

import type { StepRun } from '@app/scenario';
import type { Performance } from '../../src/scenarios/performance';
import { next, scenarios, stop } from './scenarios';

const PACES = { hand: 'step by step', clock: 'by the clock' };

/** The current step: do, say, look at, and whether it has taken effect. */
export function Playing({ performance }: { performance: Performance }) {
  const { name, title, pace, state, steps, waits_for_next } = performance;
  const planned = scenarios.value.find((one) => one.name === name)?.steps ?? [];
  const step = steps.at(-1);
  const after = planned[steps.length];
  return (
    <section class="playing">
      <p class="soft">
        {title} · step {steps.length} of {planned.length} · {state === 'playing' ? PACES[pace] : state}
      </p>
      {step ? <Step step={step} until={planned[steps.length - 1]?.until} /> : <h1>{waiting(performance)}</h1>}
      {state === 'playing' ? (
        <p class="buttons">
          {pace === 'hand' && (
            <button type="button" class="next" disabled={!waits_for_next} onClick={next}>
              {after ? `Next: ${after.do}` : 'The end'} <kbd>→</kbd>
            </button>
          )}
          {pace === 'clock' && after && (
            <span class="soft">
              Next, at {after.at} s: {after.do}
            </span>
          )}
          <button type="button" onClick={stop}>
            Stop and reset
          </button>
        </p>
      ) : (
        <Ended performance={performance} />
      )}
    </section>
  );
}

function waiting({ state, because }: Performance): string {
  return state === 'playing' ? 'Waiting until the system is at rest' : (because ?? 'It has not begun.');
}

function Step({ step, until }: { step: StepRun; until: string | undefined }) {
  return (
    <>
      <h1>{step.do}</h1>
      <p class="say">{step.say}</p>
      <p class="look">
        <b>Look at</b> {step.look}
      </p>
      {step.answers.map((answer) => (
        <p class="soft" key={answer}>
          {answer}
        </p>
      ))}
      {until && !step.until && <p class="proof">… {until}</p>}
      {step.until && (
        <p class={`proof ${step.until.holds ? 'good' : 'bad'}`}>
          {step.until.holds ? '✓' : '✗'} {step.until.condition}, after {step.until.after} s
          <span class="soft"> {step.until.evidence}</span>
        </p>
      )}
    </>
  );
}

function Ended({ performance: { green, because, run, steps } }: { performance: Performance }) {
  const missed = steps.flatMap(({ expect }) => expect).filter(({ holds }) => !holds);
  return (
    <>
      <p class={green ? 'good' : 'bad'}>
        {green ? 'Everything came as it should.' : `Not everything came as it should. ${because ?? ''}`}
      </p>
      {missed.map(({ condition, evidence }) => (
        <p class="bad" key={condition}>
          ✗ {condition} <span class="soft">{evidence}</span>
        </p>
      ))}
      {run && (
        <p>
          <a href={`/api/runs/${run}/report`}>The report of this run</a>
        </p>
      )}
    </>
  );
}

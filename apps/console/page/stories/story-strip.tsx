import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Story } from '../../src/scenarios/story';
import { nextStep, stopStory } from '../actions';
import { Button } from '../button';
import { view } from '../live';

/** Whether this page was open while the story was played; it does not mention earlier ones. */
const seen = signal(false);

/** The story that is played: the current step, whether it has taken effect, and a button for the next one. */
export function StoryStrip() {
  const { story } = view.value ?? {};
  const playing = story?.state === 'playing';
  useEffect(() => {
    if (playing) seen.value = true;
  }, [playing]);
  if (!story || !seen.value) return null;
  return (
    <section class="story" aria-label="Story">
      <p class="step">
        <span class="hint">
          {story.title}
          {story.step > 0 && `, ${story.step} of ${story.of}`}
        </span>{' '}
        {playing ? <Step story={story} /> : <Ended story={story} />}
      </p>
      {playing ? <Hands story={story} /> : <Close />}
    </section>
  );
}

function Step({ story: { step, say, look, until, proof, ...story } }: { story: Story }) {
  if (step === 0) return <b>Waiting until the system is at rest…</b>;
  return (
    <>
      <b>{story.do}</b>{' '}
      {proof ? (
        <span class={proof.holds ? 'good' : 'bad'}>
          {proof.holds ? '✓' : '✗'} {proof.condition}
          {proof.after !== undefined && `, after ${proof.after} s`}
        </span>
      ) : (
        until && <span class="hint">… {until}</span>
      )}
      <span class="desk-only lines">
        {say}
        <span class="hint"> Look at: {look}</span>
      </span>
    </>
  );
}

function Hands({ story: { name, pace, next, waits_for_next } }: { story: Story }) {
  return (
    <p class="buttons">
      {pace === 'hand' && (
        <Button
          label={next ? `step: ${next}` : 'step: the end'}
          hotkey="ArrowRight"
          because={waits_for_next ? undefined : 'The step is not proven yet.'}
          onPress={() => nextStep(name)}
        >
          Next
        </Button>
      )}
      <Button label="the story and reset" onPress={() => stopStory(name)}>
        Stop
      </Button>
      <a class="button" href="/prompter" target="prompter">
        Prompter
      </a>
    </p>
  );
}

function Ended({ story: { state, green, because, missed, run } }: { story: Story }) {
  return (
    <>
      <b class={green ? 'good' : 'bad'}>
        {green ? 'Everything came as it should.' : (because ?? missed[0] ?? `It ended: ${state}.`)}
      </b>{' '}
      {run && (
        <a href={`/api/runs/${run}/report`} target="_blank" rel="noopener noreferrer">
          The report
        </a>
      )}
    </>
  );
}

function Close() {
  return (
    <p class="buttons">
      <Button
        label="the story's end"
        onPress={() => {
          seen.value = false;
        }}
      >
        Close
      </Button>
    </p>
  );
}

import type { Scenario } from '@app/scenario';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { startStory } from '../actions';
import { Button } from '../button';
import { Dialog } from '../dialog';
import { countdown } from '../format';
import { view } from '../live';

export const storiesAreOpen = signal(false);

/** Undefined until they were requested. */
const stories = signal<Scenario[]>();

/** Every incident that can be played, as a card. */
export function Stories() {
  return storiesAreOpen.value ? <Cards /> : null;
}

function Cards() {
  useEffect(() => void ask(), []);
  return (
    <Dialog title="Stories: an incident, step by step" onClose={close}>
      <p class="hint">
        Each switches load and faults by itself, and proves each step. What to say is in a second window, the{' '}
        <a href="/prompter" target="prompter">
          prompter
        </a>
        .
      </p>
      {!stories.value && <p class="hint">Asking for the stories…</p>}
      <ul class="stories">
        {stories.value?.map((story) => (
          <Card key={story.name} story={story} />
        ))}
      </ul>
    </Dialog>
  );
}

function Card({ story: { name, title, sentence, incident, ends } }: { story: Scenario }) {
  const { story } = view.value ?? {};
  const because = story?.state === 'playing' ? `${story.title} is being played: stop it first.` : undefined;
  const play = async (pace: 'hand' | 'clock') => {
    if (await startStory(name, pace)) close();
  };
  return (
    <li class="card" aria-label={title}>
      <h3>{title}</h3>
      <p>{sentence}</p>
      <p class="hint">
        {countdown(ends)} min
        {incident && <>. {incident.who}</>}
      </p>
      <p class="buttons">
        <Button label={`: ${title}`} because={because} onPress={() => play('hand')}>
          Step by step
        </Button>
        <Button label={`: ${title}`} because={because} onPress={() => play('clock')}>
          By the clock
        </Button>
      </p>
    </li>
  );
}

function close(): void {
  storiesAreOpen.value = false;
}

async function ask(): Promise<void> {
  const response = await fetch('/api/scenarios').catch(() => undefined);
  if (response?.ok) stories.value = (await response.json()).scenarios;
}

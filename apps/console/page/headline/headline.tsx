import { effect, signal } from '@preact/signals';
import { budget, staleMs } from '../live';

/** Milliseconds between two announcements: screen readers announce changes, not every number. */
const ANNOUNCE_EVERY_MS = 5_000;

const announced = signal('');
let announcedAt = Number.NEGATIVE_INFINITY;

/** The same state with other numbers is not news. */
const withoutNumbers = (text: string) => text.replace(/[\d.,]+/g, '');

/** Puts the headline into the title of the window, and announces it to screen readers. */
export function announceHeadline(): void {
  effect(() => {
    const title = staleMs.value === undefined ? budget.value?.headline.title : 'No contact with the console';
    if (!title) return;
    document.title = `${title} · Database load demo`;
    const news = withoutNumbers(title) !== withoutNumbers(announced.peek());
    if (!news || performance.now() - announcedAt < ANNOUNCE_EVERY_MS) return;
    announcedAt = performance.now();
    announced.value = title;
  });
}

/** What an audience should notice now: one sentence, and the facts in the order of harm. */
export function Headline() {
  const {
    tone = 'good',
    title = 'Waiting for the console…',
    facts = [],
    evidence = [],
    advice,
    also = [],
  } = budget.value?.headline ?? {};
  const stale = staleMs.value;
  const old = stale === undefined ? undefined : `No contact for ${(stale / 1_000).toFixed(1)} s`;
  return (
    <section class={`headline ${old ? 'bad' : tone}`} aria-label="What happens now">
      <h1>{old ?? title}</h1>
      {old ? (
        <ul>
          <li>The console does not answer. What you see is from before.</li>
        </ul>
      ) : (
        <ul>
          {facts.slice(0, 4).map(({ kind, text, bad }) => (
            <li key={kind} class={bad ? 'bad' : ''} data-fact={kind}>
              {text}
            </li>
          ))}
          {facts.length === 0 && evidence.slice(0, 1).map((text) => <li key={text}>{text}</li>)}
          {also.length > 0 && <li class="also">Also: {also.join('; ')}</li>}
        </ul>
      )}
      {!old && evidence.length > 0 && (
        <p class="evidence desk-only">
          {evidence.join(' · ')}
          {advice && <> — {advice}</>}
        </p>
      )}
      <output class="unseen">{announced.value}</output>
    </section>
  );
}

import { setLoad } from './actions';
import { switchView, viewKind, WINDOWS, windowMinutes } from './address';
import { baseline, switchBaseline } from './baseline';
import { Button } from './button';
import { Headline } from './headline/headline';
import { Switches } from './headline/switches';
import { helpIsOpen } from './help';
import { replayed, staleMs, view } from './live';
import { storiesAreOpen } from './stories/stories';
import { StoryStrip } from './stories/story-strip';
import { switchTheme, theme } from './theme';

/** How much one press changes the load. */
const LOAD_STEP = 10;
const MOST_LOAD = 200;

/** What the audience should notice now, what is on purpose, and what applies to the whole page. */
export function Head() {
  return (
    <header>
      <div class="bar">
        <span class="brand">
          <img src="/icon.svg" alt="" width="28" height="28" /> Database load demo
        </span>
        <Load />
        <span class="space" />
        <TimeWindow />
        <Button label="compare with now" hotkey="B" pressed={!!baseline.value} onPress={switchBaseline}>
          Baseline
        </Button>
        <Button hotkey="S" onPress={switchView}>
          {viewKind.value === 'stage' ? 'Desk' : 'Stage'}
        </Button>
        <Button label={theme.value === 'dark' ? 'light colours' : 'dark colours'} onPress={switchTheme}>
          {theme.value === 'dark' ? '☀' : '☾'}
        </Button>
        <Button
          label="to be played"
          hotkey="T"
          onPress={() => {
            storiesAreOpen.value = true;
          }}
        >
          Stories
        </Button>
        <Button
          label="keys of this page"
          hotkey="?"
          onPress={() => {
            helpIsOpen.value = true;
          }}
        />
        <Live />
      </div>
      <div class="news">
        <Headline />
        <Switches />
      </div>
      <StoryStrip />
    </header>
  );
}

function TimeWindow() {
  return (
    <fieldset class="segments">
      <legend class="unseen">Time window</legend>
      {WINDOWS.map((minutes) => (
        <button
          key={minutes}
          type="button"
          aria-label={`${minutes} min shown`}
          aria-pressed={windowMinutes.value === minutes}
          onClick={() => {
            windowMinutes.value = minutes;
          }}
        >
          {minutes} min
        </button>
      ))}
    </fieldset>
  );
}

function Load() {
  const { rate = 0, paused = false } = view.value?.load ?? {};
  const change = (to: number) => setLoad({ rate: Math.min(MOST_LOAD, Math.max(1, to)) });
  // From 5 it goes to 10 and not to 15, because people say round numbers.
  const less = Math.ceil(rate / LOAD_STEP - 1) * LOAD_STEP;
  const more = Math.floor(rate / LOAD_STEP + 1) * LOAD_STEP;
  return (
    <fieldset class="load-choice">
      <legend class="unseen">Load</legend>
      <Button label="less load" hotkey="-" repeats onPress={() => change(less)} />
      <span>
        <b>{paused ? 0 : rate}</b> requests/s
      </span>
      <Button label="more load" hotkey="+" repeats onPress={() => change(more)} />
      <Button hotkey="8" pressed={paused} onPress={() => setLoad({ paused: !paused })}>
        {paused ? 'Resume' : 'Pause'}
      </Button>
    </fieldset>
  );
}

function Live() {
  if (staleMs.value !== undefined) return <span class="live bad">stale</span>;
  const began = replayed.value;
  if (!began) return <span class="live good">live</span>;
  return (
    <span class="live" title={`As it was on ${new Date(began).toLocaleString()}: nothing can be changed.`}>
      replay
    </span>
  );
}

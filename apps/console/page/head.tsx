import { connected, WINDOWS, windowMinutes } from './live';
import { notice } from './notice';
import { switchTheme, theme } from './theme';

/** The name, what the audience should notice now, and what holds for the whole page. */
export function Head() {
  const { tone, title, text } = notice.value;
  return (
    <header>
      <div class="brand">
        <img src="/icon.svg" alt="" width="36" height="36" />
        <h1>Database load demo</h1>
      </div>
      <div class={`notice ${tone}`} role="status">
        <strong>{title}</strong>
        <span>{text}</span>
      </div>
      <div class="view-choice">
        <fieldset class="segments">
          <legend class="unseen">Time window</legend>
          {WINDOWS.map((minutes) => (
            <button
              key={minutes}
              type="button"
              aria-label={`Show the last ${minutes} min`}
              aria-pressed={windowMinutes.value === minutes}
              onClick={() => {
                windowMinutes.value = minutes;
              }}
            >
              {minutes} min
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          class="icon"
          aria-label={`Switch to ${theme.value === 'dark' ? 'light' : 'dark'} colours`}
          onClick={switchTheme}
        >
          {theme.value === 'dark' ? '☀' : '☾'}
        </button>
        <span class={`live ${connected.value ? 'good' : 'bad'}`}>{connected.value ? 'live' : 'offline'}</span>
      </div>
    </header>
  );
}

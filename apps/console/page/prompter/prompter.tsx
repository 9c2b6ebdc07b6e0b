import { render } from 'preact';
import { Playing } from './playing';
import { follow, next, performance, runs, scenarios, start, trouble } from './scenarios';
import './prompter.css';

function Prompter() {
  const { state } = performance.value ?? {};
  return (
    <main>
      {trouble.value && <p class="trouble">{trouble.value}</p>}
      {performance.value && <Playing performance={performance.value} />}
      {state !== 'playing' && <Programme />}
    </main>
  );
}

/** What can be played, and what was played. */
function Programme() {
  return (
    <>
      <h2>Scenarios</h2>
      <ul class="programme">
        {scenarios.value.map(({ name, title, sentence, ends, incident }) => (
          <li key={name}>
            <h3>{title}</h3>
            <p>{sentence}</p>
            <p class="soft">
              {ends} s by the clock. {incident && `${incident.who}.`}
            </p>
            <button type="button" onClick={() => start(name, 'hand')}>
              Play step by step
            </button>
            <button type="button" onClick={() => start(name, 'clock')}>
              By the clock
            </button>
          </li>
        ))}
      </ul>
      {runs.value.length > 0 && <h2>Runs</h2>}
      <ul class="runs">
        {runs.value.map(({ name, title, seed, began, how, green }) => (
          <li key={name}>
            <a href={`/api/runs/${name}/report`}>{title}</a>
            <span class="soft">
              {new Date(began).toLocaleString()}, seed {seed}, {how}
            </span>
            <a class="soft" href={`/?view=desk&baseline=${name}`}>
              compare with it
            </a>
            <b class={green ? 'good' : 'bad'}>{green ? 'as it should' : 'look'}</b>
          </li>
        ))}
      </ul>
    </>
  );
}

document.addEventListener('keydown', ({ key, repeat }) => {
  if (!repeat && (key === 'ArrowRight' || key === 'PageDown')) void next();
});
render(<Prompter />, document.getElementById('prompter') as HTMLElement);
void follow();

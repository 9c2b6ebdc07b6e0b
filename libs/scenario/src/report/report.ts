import { createHash } from 'node:crypto';
import type { OperationFigures } from '@app/load';
import { failures, isGreen, type Proof, type Run, type Sample, type StepRun } from '../run/run';
import { charts, slots } from './charts';
import { html, Markup } from './markup';
import { STYLE } from './style';
import { trace } from './trace';

/** A run as one self-contained page: no script, and its style is allowed by its hash. */
export function reportOf(run: Run, samples: readonly Sample[]): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${new Markup(hash)}'; base-uri 'none'; form-action 'none'">
<title>${run.scenario.title}: a run</title><style>${new Markup(STYLE)}</style></head><body>
${head(run)}
<section><h2>The story in figures</h2>${story(run)}</section>
<section><h2>The budget at its fullest</h2>${slots(run, samples)}</section>
<h2>The course</h2><p class="soft">Shaded: a fault was on.</p>${charts(run, samples)}
<section><h2>What the diagnosis said</h2>${diagnosis(samples)}</section>
<h2>Three traces</h2>${run.traces.length > 0 ? run.traces.map(trace) : html`<p class="soft">The console has kept no span of this run.</p>`}
<section><h2>Checks at the end</h2>${checks(run)}</section>
</body></html>
`.text;
}

function head(run: Run): Markup {
  const { scenario, began, seconds, seed, how, because, left_on, repeatable, not_repeatable_because } = run;
  const green = isGreen(run);
  const verdict = green
    ? 'Everything came as it should'
    : how === 'finished'
      ? 'Not everything came as it should'
      : `It ended early: ${because ?? how}`;
  return html`<h1>${scenario.title}</h1><p class="lead">${scenario.sentence}</p>
<p><span class="verdict ${green ? 'good' : 'bad'}">${verdict}</span></p>
<p class="soft">${new Date(began).toUTCString()}, ${seconds.toFixed(0)} s, seed ${seed}. ${repeatable ? 'Another run of this seed can be held against it.' : `Not to be held against another run: ${not_repeatable_because.join('; ')}.`} ${left_on.length > 0 ? html`<b class="bad">Still on: ${left_on.join('; ')}.</b>` : 'Nothing was left on.'}</p>
${scenario.incident && html`<p>It happened: ${scenario.incident.who}. ${scenario.incident.what} <a href="${scenario.incident.url}">${scenario.incident.url}</a></p>`}
<p><b>What fixes it:</b> ${scenario.remedy}</p>`;
}

function story({ steps }: Run): Markup {
  return html`<table class="story"><thead><tr><th class="n">from</th><th>step</th><th class="n">journeys</th><th class="n">failed</th><th class="n">p50</th><th class="n">p95</th><th class="n">most open</th><th class="n">waiting</th></tr></thead><tbody>${steps.map(storyRow)}</tbody></table><p class="soft">p50 and p95 are those of the slowest operation of the step.</p>`;
}

function storyRow(step: StepRun, index: number): Markup {
  const { operations, most, until, expect } = step;
  const sum = (read: (figures: OperationFigures) => number) =>
    operations.reduce((all, one) => all + read(one), 0);
  const sent = sum(({ sent: journeys }) => journeys);
  const failed = sum(failures);
  const p50 = Math.max(0, ...operations.map(({ p50_ms }) => p50_ms ?? 0));
  const p95 = Math.max(0, ...operations.map(({ p95_ms }) => p95_ms ?? 0));
  const proofs = [...(until ? [until] : []), ...expect];
  return html`<tr><td class="n">${step.at.toFixed(0)} s</td><td><b>${index + 1}. ${step.do}</b><br>${step.say}<br><span class="soft">Look at: ${step.look}</span>${step.answers.map((answer) => html`<br><span class="soft">${answer}</span>`)}${proofs.map(proof)}</td><td class="n">${sent}</td><td class="n ${failed > 0 ? 'bad' : ''}">${failed}${sent > 0 ? ` (${percent(failed / sent)})` : ''}</td><td class="n">${ms(p50)}</td><td class="n">${ms(p95)}</td><td class="n">${most.open}</td><td class="n">${most.waiting}</td></tr>`;
}

function proof({ condition, holds, after, evidence }: Proof): Markup {
  return html`<br><span class="${holds ? 'good' : 'bad'}">${holds ? '✓' : '✗'} ${condition}${after === undefined ? '' : holds ? `, after ${after} s` : `, not within ${after} s`}</span> <span class="soft">${evidence}</span>`;
}

/** Each name with the first and last time it was reported, and its evidence then. */
function diagnosis(samples: readonly Sample[]): Markup {
  const findings = new Map<string, { from: number; to: number; evidence: string[] }>();
  for (const { t, named, evidence } of samples)
    for (const [place, name] of named.entries()) {
      const known = findings.get(name);
      if (known) known.to = t;
      else findings.set(name, { from: t, to: t, evidence: place === 0 ? evidence : [] });
    }
  if (findings.size === 0) return html`<p>Nothing was wrong, it said.</p>`;
  return html`<table><thead><tr><th>name</th><th class="n">from</th><th class="n">to</th><th>by which figures</th></tr></thead><tbody>${[
    ...findings,
  ].map(
    ([name, { from, to, evidence }]) =>
      html`<tr><td><b>${name}</b></td><td class="n">${from.toFixed(1)} s</td><td class="n">${to.toFixed(1)} s</td><td>${evidence.map((line) => html`${line}<br>`)}</td></tr>`,
  )}</tbody></table>`;
}

function checks({ checks: results }: Run): Markup {
  return html`<table><tbody>${results.map(({ title, state, evidence }) => html`<tr><td class="${state === 'passed' ? 'good' : 'bad'}">${state === 'passed' ? '✓' : '✗'}</td><td>${title}</td><td class="soft">${evidence}</td></tr>`)}</tbody></table>`;
}

function ms(value: number): string {
  return value >= 1_000 ? `${(value / 1_000).toFixed(2)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

/** Only nothing is 0 %, and only everything is 100 %. */
function percent(share: number): string {
  if (share > 0.99 && share < 1) return '>99 %';
  return share > 0 && share < 0.001
    ? '<0.1 %'
    : `${(share * 100).toFixed(share > 0 && share < 0.01 ? 1 : 0)} %`;
}

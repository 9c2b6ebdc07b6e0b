import { join } from 'node:path';
import type { Scenario } from '../format/scenario';
import { reportOf } from '../report/report';
import type { Run, Sample, StepRun } from '../run/run';
import { RunFolder } from '../run/run-folder';
import { REAL_CLOCK } from './clock';
import { HttpDeployment, type Places } from './http-deployment';
import { HttpLoad } from './played-load';
import { Player } from './player';
import { ScenarioFailed } from './player-words';
import type { Hand } from './stage';
import { WorthALook } from './traces';

/** Samples after which what is known of the run is kept: every 5 s. */
const KEEP_EVERY_SAMPLES = 10;

/** How a scenario is to be played. */
export interface Wish {
  scenario: Scenario;
  places: Places;
  /** Folder that the folders of runs are in. */
  runs: string;
  hand?: Hand;
  tell(line: string, seconds?: number): void;
  step?(index: number, step: StepRun): void;
}

/**
 * Plays a scenario on a running system, and keeps its run and its report in a folder.
 * @throws ScenarioFailed where it cannot begin at all
 */
export async function playRun(wish: Wish, stop: AbortSignal): Promise<{ run: Run; folder: string }> {
  const { scenario, places, runs, hand, tell, step } = wish;
  const began = new Date();
  let folder: RunFolder | undefined;
  const deployment = new HttpDeployment(places, (event, data) => folder?.event(event, data));
  try {
    await deployment.begin();
    await mustOffer(deployment, scenario);
    folder = new RunFolder(join(runs, `${stamp(began)}-${scenario.name}-${scenario.seed}`));
    const kept = folder;
    const traces = new WorthALook();
    const load = new HttpLoad(scenario.seed, places.targets, (journey) => traces.note(journey));
    const keep = () => {
      const run: Run = { ...player.soFar(), began: began.toISOString(), checks: [], traces: [] };
      // What cannot be written now is told at the end of the run, which writes the same files.
      kept.keep(run, (samples) => reportOf(run, samples)).catch(() => undefined);
    };
    let samples = 0;
    const player = new Player(scenario, {
      ...{ deployment, load, hand, tell, clock: REAL_CLOCK },
      step(index, run) {
        step?.(index, run);
        keep();
      },
      sample(sample: Sample) {
        kept.sample(sample);
        samples += 1;
        if (samples % KEEP_EVERY_SAMPLES === 0) keep();
      },
    });
    const played = await player.play(stop);
    const run: Run = {
      ...played,
      began: began.toISOString(),
      checks: await deployment.checks(),
      traces: await traces.traces((id) => deployment.trace(id)),
    };
    await kept.end(run, (samples) => reportOf(run, samples));
    return { run, folder: kept.path };
  } finally {
    await deployment.end();
  }
}

/** Faults that are not to be had are told before anything begins. */
async function mustOffer(deployment: HttpDeployment, { steps }: Scenario): Promise<void> {
  const offered = await deployment.offered();
  for (const { fault } of steps.flatMap(({ start = [] }) => start)) {
    const found = offered.find(({ name }) => name === fault);
    if (!found)
      throw new ScenarioFailed(
        `there is no fault ${fault} here; there are ${offered.map(({ name }) => name).join(', ') || 'none, since no service answers'}`,
      );
    if (!found.available)
      throw new ScenarioFailed(`${fault} is NOT AVAILABLE here: ${found.unavailable_because}`);
  }
}

/** Such as 20261128-143015: names sort by time. */
function stamp(at: Date): string {
  return at.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
}

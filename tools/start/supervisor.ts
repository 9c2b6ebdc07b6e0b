import { KeptAlive, type ProcessState, type Restartable } from './kept-alive';
import type { Progress } from './progress';

/** Keeps every process of a start alive, and says on the terminal, and to whoever listens, what became of them. */
export class Supervisor {
  private readonly all = new Map<string, KeptAlive>();
  private listener: (states: ProcessState[]) => void = () => undefined;

  constructor(private readonly progress: Progress) {}

  /** From now on it is started again whenever it ends by itself. */
  keep(process: Restartable): void {
    const kept = new KeptAlive(process, ({ up }, sentence) => {
      this.progress.say(`${up ? '✓' : '✗'} ${sentence}`);
      this.listener(this.states);
    });
    this.all.set(process.name, kept);
    kept.watch();
  }

  /** Resolves when nothing is started again any more. */
  async letGo(...names: string[]): Promise<void> {
    await Promise.all(names.map((name) => this.all.get(name)?.stop()));
  }

  /** Told all states at each change. */
  onChange(listener: (states: ProcessState[]) => void): void {
    this.listener = listener;
  }

  get states(): ProcessState[] {
    return [...this.all.values()].map(({ state }) => state);
  }
}

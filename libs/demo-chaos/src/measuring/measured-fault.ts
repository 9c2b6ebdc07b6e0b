import { type Declaration, Fault, type FaultEffect } from '../fault';
import { effectOf, type Measurement, Measuring } from './measurement';

/** A fault of one service, on each of its replicas, which is measured repeatedly while it is on. */
export abstract class MeasuredFault<Settings extends object> extends Fault<Settings> {
  private asked?: Settings;
  private measuring?: Measuring;

  /** Makes this process misbehave. Also called to change the settings. */
  protected abstract switchOn(asked: Settings): void | Promise<void>;

  /** Gives everything back. Called only after `switchOn`. */
  protected abstract switchOff(): void | Promise<void>;

  /** Asks PostgreSQL what the effect is. */
  protected abstract measure(asked: Settings): Promise<Measurement>;

  async apply(declaration: Declaration<Settings> | undefined): Promise<boolean> {
    const asked = declaration?.settings;
    if (JSON.stringify(asked) === JSON.stringify(this.asked)) return true;
    if (this.asked) await this.switchOff();
    // Not awaited: without PostgreSQL the last measurement may take a second.
    void this.measuring?.stop();
    this.asked = asked;
    this.measuring = undefined;
    if (!asked) return true;
    await this.switchOn(asked);
    this.measuring = new Measuring(() => this.measure(asked));
    return true;
  }

  effect({ settings }: Declaration<Settings>): FaultEffect {
    return effectOf(settings, this.measuring?.latest, this.measuring?.failure);
  }
}

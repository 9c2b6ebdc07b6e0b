import type { Hand } from '@app/scenario';

/** A step that waits until a person presses a button. */
export class NextPressed implements Hand {
  private go?: () => void;

  get waiting(): boolean {
    return this.go !== undefined;
  }

  /** @returns whether a step was waiting for it */
  press(): boolean {
    const { go } = this;
    this.go = undefined;
    go?.();
    return go !== undefined;
  }

  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((go) => {
      this.go = go;
      signal.addEventListener('abort', () => go(), { once: true });
    });
    this.go = undefined;
    signal.throwIfAborted();
  }
}

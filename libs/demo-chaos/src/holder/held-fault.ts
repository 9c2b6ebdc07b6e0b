import { type BudgetView, INSTANCE } from '@app/database';
import { Logger } from '@nestjs/common';
import { type Declaration, Fault } from '../fault';
import type { HolderLocks } from './holder-locks';

/** Milliseconds without a sign of the holder after which the fault is withdrawn. */
const HOLDER_GONE_AFTER_MS = 5_000;

/** A fault of the database: one process of all services holds what it takes, and the replicas know which one. */
export abstract class HeldFault<Settings extends object> extends Fault<Settings> {
  override readonly actsOn = 'database';
  /** What is held, for the sentence "order-service holds … already". */
  protected abstract readonly holds: string;
  private readonly logger = new Logger(HeldFault.name);
  private holderLastSeen = 0;
  private lastView = 0;

  constructor(
    private readonly locks: HolderLocks,
    protected readonly service: string,
  ) {
    super();
  }

  /** Takes it, or changes what is taken, in this process. The same settings twice do no harm. */
  protected abstract begin(asked: Settings): Promise<void>;

  /** Gives everything back. Also called when nothing was taken. */
  protected abstract end(): Promise<void>;

  /** A subclass must check before it calls this: a refusal must not take the lock. */
  override async declare(asked: Settings): Promise<Declaration<Settings>['settings']> {
    return { ...asked, holder: await this.locks.choose(this.name, this.holds) };
  }

  async apply(declaration: Declaration<Settings> | undefined): Promise<boolean> {
    if (declaration?.settings.holder !== INSTANCE) {
      await this.release();
      return true;
    }
    if (!(await this.locks.take(this.name))) {
      this.logger.warn(`another process took the right to hold ${this.name} while this one did not have it`);
      await this.release();
      return false;
    }
    await this.begin(declaration.settings);
    return true;
  }

  /** If the one holder of a fault died (kill -9), the fault ends, although other replicas of the service live on. */
  override watch({ settings: { holder } }: Declaration<Settings>, view: BudgetView): boolean {
    const now = performance.now();
    const alive = view.instances[this.service] ?? [];
    // While PostgreSQL was down, no process could be seen.
    const blind = now - this.lastView >= HOLDER_GONE_AFTER_MS;
    this.lastView = now;
    if (holder === undefined || alive.includes(holder) || this.holderLastSeen === 0 || blind)
      this.holderLastSeen = now;
    if (now - this.holderLastSeen < HOLDER_GONE_AFTER_MS) return false;
    this.holderLastSeen = 0;
    this.logger.warn(`the process that held ${this.name} is gone`);
    return true;
  }

  private async release(): Promise<void> {
    await this.end();
    this.holderLastSeen = 0;
    // Also needed if the fault was withdrawn before it began. Without a control connection the lock is already free.
    await this.locks.giveUp(this.name).catch(() => undefined);
  }
}

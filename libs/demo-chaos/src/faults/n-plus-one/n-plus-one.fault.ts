import { type AfterStatement, CallHabits, select } from '@app/database';
import { Injectable } from '@nestjs/common';
import { WholeNumber } from '../../fault-settings';
import { MeasuredFault } from '../../measuring/measured-fault';
import type { Measurement } from '../../measuring/measurement';

class NPlusOneSettings {
  @WholeNumber('Rows that are looked up one by one after each list', { minimum: 2, maximum: 200 })
  readonly rows: number = 60;
}

const LOOK_UP = select<{ name: string; category: string; price: number }, [id: number]>(
  'products',
  'SELECT name, category, price::float8 AS price FROM products WHERE id = $1',
);

/** The list, and then one statement for each of its rows, as an ORM does when nobody asked it to join. */
@Injectable()
export class NPlusOneFault extends MeasuredFault<NPlusOneSettings> {
  readonly name = 'n-plus-one';
  readonly title = 'N+1 queries';
  readonly kind = 'query';
  readonly summary = 'After each list, this service looks up every row again by a statement of its own';
  readonly settings = NPlusOneSettings;
  override readonly example = { rows: 20 };
  private lists = 0;
  private lookedUp = 0;

  constructor(private readonly habits: CallHabits) {
    super();
  }

  protected switchOn({ rows }: NPlusOneSettings): void {
    [this.lists, this.lookedUp] = [0, 0];
    this.habits.afterStatement = this.lookUpEach(rows);
  }

  protected switchOff(): void {
    this.habits.afterStatement = undefined;
  }

  protected async measure({ rows }: NPlusOneSettings): Promise<Measurement> {
    const { lists, lookedUp } = this;
    const each = lists > 0 ? Math.round(lookedUp / lists) : 0;
    return {
      measured: { lists, statements: lookedUp },
      effective: lists > 0 && each >= rows / 2,
      detail:
        lists > 0
          ? `${lists} lists since, after which PostgreSQL has answered ${lookedUp} more statements`
          : 'no list has been asked for since',
    };
  }

  /** Looks up the rows of a shorter list more than once, as a page with several parts does. */
  private lookUpEach(rows: number): AfterStatement {
    return async (statement, found, runner) => {
      const keys = statement === LOOK_UP || found.length < 2 ? [] : found.map(keyOf).filter(Number.isInteger);
      if (keys.length === 0) return;
      for (let row = 0; row < rows; row++) {
        await runner.first(LOOK_UP, keys[row % keys.length] as number);
        this.lookedUp++;
      }
      this.lists++;
    };
  }
}

function keyOf(row: object): number {
  const { product_id, id } = row as { product_id?: unknown; id?: unknown };
  return Number(product_id ?? id);
}

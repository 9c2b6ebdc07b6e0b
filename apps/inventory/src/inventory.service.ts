import { Database, Idempotency, type StatementRunner } from '@app/database';
import { Problem } from '@app/problem';
import { Injectable } from '@nestjs/common';
import type { Reservation } from './dto/reservation.dto';
import type { ReserveStockDto } from './dto/reserve-stock.dto';
import type { StockLevel } from './dto/stock-level.dto';
import { InventoryRepository } from './inventory.repository';

@Injectable()
export class InventoryService {
  constructor(
    private readonly inventory: InventoryRepository,
    private readonly database: Database,
    private readonly idempotency: Idempotency,
  ) {}

  async check(productId: number): Promise<StockLevel> {
    const stock = await this.stock(this.database, productId);
    return { ...stock, in_stock: stock.stock_quantity > 0 };
  }

  /** Reserves once per key, however often the request arrives. */
  reserve(request: ReserveStockDto, key: string | undefined): Promise<Reservation> {
    return this.idempotency.once('reserve', key, request, (runner) => this.take(runner, request));
  }

  private async take(
    runner: StatementRunner,
    { product_id, quantity }: ReserveStockDto,
  ): Promise<Reservation> {
    const left = await this.inventory.reserve(runner, product_id, quantity);
    if (left)
      return { product_id, name: left.name, reserved: quantity, remaining_stock: left.stock_quantity };
    const { stock_quantity: available } = await this.stock(runner, product_id);
    const detail = `${quantity} of product ${product_id} were asked for, ${available} are left.`;
    throw new Problem('out-of-stock', detail, { available });
  }

  private async stock(runner: StatementRunner, productId: number) {
    const stock = await this.inventory.check(runner, productId);
    if (!stock) throw new Problem('unknown-product', `There is no product ${productId}.`);
    return stock;
  }
}

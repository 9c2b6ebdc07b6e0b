import { type StatementRunner, select, update } from '@app/database';
import { Injectable } from '@nestjs/common';

/** Stock of one product. */
export interface Stock {
  product_id: number;
  name: string;
  stock_quantity: number;
}

const CHECK_STOCK = select<Stock, [product_id: number]>(
  'products',
  'SELECT id AS product_id, name, stock_quantity FROM products WHERE id = $1',
);

// Takes stock only while enough is left: two reservations can never both get the last piece.
const RESERVE_STOCK = update<Stock, [product_id: number, quantity: number]>(
  'products',
  `UPDATE products SET stock_quantity = stock_quantity - $2
   WHERE id = $1 AND stock_quantity >= $2
   RETURNING id AS product_id, name, stock_quantity`,
);

@Injectable()
export class InventoryRepository {
  check(runner: StatementRunner, productId: number): Promise<Stock | undefined> {
    return runner.first(CHECK_STOCK, productId);
  }

  /** The remaining stock; undefined if there is too little, or no such product. */
  reserve(runner: StatementRunner, productId: number, quantity: number): Promise<Stock | undefined> {
    return runner.first(RESERVE_STOCK, productId, quantity);
  }
}

import { Database, insert, type StatementRunner, select } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { CreateOrderDto } from './dto/create-order.dto';
import type { Order } from './dto/order.dto';
import type { PopularProduct } from './dto/popular-products.dto';

/** Number of orders that decide what is popular: 3 hours of the default load. All of them would take longer every day. */
export const DECISIVE_ORDERS = 10_000;

// Orders are counted before the join, which then has one row for each product.
const POPULAR_PRODUCTS = select<PopularProduct, [limit: number]>(
  'orders products',
  `SELECT o.product_id, p.name, p.category, p.price::float8 AS price, o.order_count, o.total_quantity
   FROM (SELECT product_id, count(*)::int AS order_count, sum(quantity)::float8 AS total_quantity
         FROM (SELECT product_id, quantity FROM orders ORDER BY id DESC LIMIT ${DECISIVE_ORDERS}) latest
         GROUP BY product_id ORDER BY total_quantity DESC, product_id LIMIT $1) o
   JOIN products p ON p.id = o.product_id
   ORDER BY o.total_quantity DESC, o.product_id`,
);

// Selected from the product itself, so that an order for a missing product inserts nothing instead of failing.
const CREATE_ORDER = insert<Order, [user_id: string, product_id: number, quantity: number]>(
  'orders products',
  `INSERT INTO orders (user_id, product_id, quantity)
   SELECT $1, id, $3 FROM products WHERE id = $2
   RETURNING id AS order_id, user_id, product_id, quantity, order_date`,
);

@Injectable()
export class OrdersRepository {
  constructor(private readonly database: Database) {}

  popularProducts(limit: number): Promise<PopularProduct[]> {
    return this.database.rows(POPULAR_PRODUCTS, limit);
  }

  /** Undefined if there is no such product. */
  create(
    runner: StatementRunner,
    { user_id, product_id, quantity }: CreateOrderDto,
  ): Promise<Order | undefined> {
    return runner.first(CREATE_ORDER, user_id, product_id, quantity);
  }
}

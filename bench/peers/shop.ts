import type { Pool } from 'pg';

/**
 * The four operations as one would write them with nothing but pg, for the peers of the services: the same SQL, as
 * prepared statements, and the same answers.
 */
export class Shop {
  private readonly pool: Pool;

  constructor(pool: Pool) {
    this.pool = pool;
  }

  async check(id: number): Promise<object | undefined> {
    const { rows } = await this.pool.query({
      name: 'check',
      text: 'SELECT id AS product_id, name, stock_quantity FROM products WHERE id = $1',
      values: [id],
    });
    return rows[0] && { ...rows[0], in_stock: rows[0].stock_quantity > 0 };
  }

  async reserve({
    product_id,
    quantity,
  }: {
    product_id: number;
    quantity: number;
  }): Promise<object | undefined> {
    const { rows } = await this.pool.query({
      name: 'reserve',
      text: `UPDATE products SET stock_quantity = stock_quantity - $2 WHERE id = $1 AND stock_quantity >= $2
             RETURNING id AS product_id, name, stock_quantity`,
      values: [product_id, quantity],
    });
    return (
      rows[0] && {
        product_id,
        name: rows[0].name,
        reserved: quantity,
        remaining_stock: rows[0].stock_quantity,
      }
    );
  }

  async create(order: {
    user_id: string;
    product_id: number;
    quantity: number;
  }): Promise<object | undefined> {
    const { rows } = await this.pool.query({
      name: 'create',
      text: `INSERT INTO orders (user_id, product_id, quantity) SELECT $1, id, $3 FROM products WHERE id = $2
             RETURNING id AS order_id, user_id, product_id, quantity, order_date`,
      values: [order.user_id, order.product_id, order.quantity],
    });
    return rows[0];
  }

  async popular(limit: number): Promise<object> {
    const { rows } = await this.pool.query({
      name: 'popular',
      text: `SELECT o.product_id, p.name, p.category, p.price::float8 AS price, o.order_count, o.total_quantity
             FROM (SELECT product_id, count(*)::int AS order_count, sum(quantity)::float8 AS total_quantity
                   FROM (SELECT product_id, quantity FROM orders ORDER BY id DESC LIMIT 10000) latest
                   GROUP BY product_id ORDER BY total_quantity DESC, product_id LIMIT $1) o
             JOIN products p ON p.id = o.product_id
             ORDER BY o.total_quantity DESC, o.product_id`,
      values: [limit],
    });
    return { popular_products: rows };
  }
}

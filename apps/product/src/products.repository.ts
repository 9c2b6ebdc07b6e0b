import { Database, select } from '@app/database';
import { Injectable } from '@nestjs/common';
import type { ListProductsDto } from './dto/list-products.dto';
import type { Product } from './dto/product.dto';

type Filter = [
  category: string | undefined,
  price_min: number | undefined,
  price_max: number | undefined,
  limit: number,
  offset: number,
];

const LIST = select<Product, Filter>(
  'products',
  `SELECT id, name, category, price::float8 AS price, description, stock_quantity
   FROM products
   WHERE ($1::text IS NULL OR category = $1)
     AND ($2::numeric IS NULL OR price >= $2)
     AND ($3::numeric IS NULL OR price <= $3)
   ORDER BY id LIMIT $4 OFFSET $5`,
);

const FIND = select<Product, [id: number]>(
  'products',
  `SELECT id, name, category, price::float8 AS price, description, stock_quantity
   FROM products WHERE id = $1`,
);

@Injectable()
export class ProductsRepository {
  constructor(private readonly database: Database) {}

  list({ category, price_min, price_max, limit, offset }: ListProductsDto): Promise<Product[]> {
    return this.database.rows(LIST, category, price_min, price_max, limit, offset);
  }

  find(id: number): Promise<Product | undefined> {
    return this.database.first(FIND, id);
  }
}

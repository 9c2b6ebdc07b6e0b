import { PathId, Reads } from '@app/bootstrap';
import { Problem } from '@app/problem';
import { Controller, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListProductsDto } from './dto/list-products.dto';
import { Product, ProductList } from './dto/product.dto';
import { ProductsRepository } from './products.repository';

@ApiTags('products')
@Controller('products')
export class ProductsController {
  constructor(private readonly products: ProductsRepository) {}

  @Reads({ summary: 'Products, filtered and paged', answer: ProductList })
  async list(@Query() query: ListProductsDto): Promise<ProductList> {
    const products = await this.products.list(query);
    return { products, count: products.length, limit: query.limit, offset: query.offset };
  }

  @Reads({ path: ':id', summary: 'One product', answer: Product, problems: ['unknown-product'] })
  async find(@PathId('id') id: number): Promise<Product> {
    const product = await this.products.find(id);
    if (!product) throw new Problem('unknown-product', `There is no product ${id}.`);
    return product;
  }
}

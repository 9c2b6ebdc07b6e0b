import { PathId } from '@app/bootstrap';
import { ApiProblems, Problem } from '@app/problem';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListProductsDto } from './dto/list-products.dto';
import { Product, ProductList } from './dto/product.dto';
import { ProductsRepository } from './products.repository';

@ApiTags('products')
@Controller('products')
export class ProductsController {
  constructor(private readonly products: ProductsRepository) {}

  @Get()
  @ApiOperation({ summary: 'Products, filtered and paged' })
  @ApiOkResponse({ type: ProductList })
  @ApiProblems('invalid-request', 'database-unavailable', 'statement-timeout')
  async list(@Query() query: ListProductsDto): Promise<ProductList> {
    const products = await this.products.list(query);
    return { products, count: products.length, limit: query.limit, offset: query.offset };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One product' })
  @ApiOkResponse({ type: Product })
  @ApiProblems('invalid-request', 'unknown-product', 'database-unavailable', 'statement-timeout')
  async find(@PathId('id') id: number): Promise<Product> {
    const product = await this.products.find(id);
    if (!product) throw new Problem('unknown-product', `There is no product ${id}.`);
    return product;
  }
}

import { Changes, IdempotencyKey, Reads } from '@app/bootstrap';
import { Idempotency } from '@app/database';
import { Problem } from '@app/problem';
import { Body, Controller, HttpCode, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CreateOrderDto } from './dto/create-order.dto';
import { Order } from './dto/order.dto';
import { PopularProductsDto, PopularProductsQueryDto } from './dto/popular-products.dto';
import { DECISIVE_ORDERS, OrdersRepository } from './orders.repository';

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly orders: OrdersRepository,
    private readonly idempotency: Idempotency,
  ) {}

  @Reads({
    path: 'popular-products',
    summary: `The products that were ordered most, of the latest ${DECISIVE_ORDERS} orders`,
    answer: PopularProductsDto,
  })
  async popularProducts(@Query() { limit }: PopularProductsQueryDto): Promise<PopularProductsDto> {
    return { popular_products: await this.orders.popularProducts(limit) };
  }

  // The OpenAPI plugin only reads the status on the method itself.
  @HttpCode(201)
  @Changes({
    path: 'create',
    summary: 'Creates an order',
    answer: Order,
    status: 201,
    problems: ['unknown-product'],
  })
  create(@Body() request: CreateOrderDto, @IdempotencyKey() key?: string): Promise<Order> {
    return this.idempotency.once('create-order', key, request, async (runner) => {
      const order = await this.orders.create(runner, request);
      if (!order) throw new Problem('unknown-product', `There is no product ${request.product_id}.`);
      return order;
    });
  }
}

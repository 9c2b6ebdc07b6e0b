import { ApiIdempotencyKey, IdempotencyKey } from '@app/bootstrap';
import { Idempotency } from '@app/database';
import { ApiProblems, Problem } from '@app/problem';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
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

  @Get('popular-products')
  @ApiOperation({ summary: `The products that were ordered most, of the latest ${DECISIVE_ORDERS} orders` })
  @ApiOkResponse({ type: PopularProductsDto })
  @ApiProblems('invalid-request', 'database-unavailable', 'statement-timeout')
  async popularProducts(@Query() { limit }: PopularProductsQueryDto): Promise<PopularProductsDto> {
    return { popular_products: await this.orders.popularProducts(limit) };
  }

  @Post('create')
  @ApiOperation({ summary: 'Creates an order' })
  @ApiIdempotencyKey()
  @ApiCreatedResponse({ type: Order })
  @ApiProblems('invalid-request', 'malformed-json', 'unknown-product', 'conflict', 'request-in-progress')
  @ApiProblems(
    'forbidden',
    'body-too-large',
    'unsupported-encoding',
    'idempotency-key-reused',
    'database-unavailable',
    'statement-timeout',
  )
  create(@Body() request: CreateOrderDto, @IdempotencyKey() key?: string): Promise<Order> {
    return this.idempotency.once('create-order', key, request, async (runner) => {
      const order = await this.orders.create(runner, request);
      if (!order) throw new Problem('unknown-product', `There is no product ${request.product_id}.`);
      return order;
    });
  }
}

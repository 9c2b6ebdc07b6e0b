import { startService } from '@app/bootstrap';
import { OrderModule } from './order.module';

void startService({ SERVICE_NAME: 'order-service', PORT: 30_016, module: OrderModule });

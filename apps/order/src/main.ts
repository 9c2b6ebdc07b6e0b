import { startService } from '@app/bootstrap';
import { OrderModule } from './order.module';

void startService('order', OrderModule);

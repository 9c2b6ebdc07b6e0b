import { startService } from '@app/bootstrap';
import { ProductModule } from './product.module';

void startService('product', ProductModule);

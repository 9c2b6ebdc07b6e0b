export { followSystemClock, now } from './clock';
export { Delivery, droppedByProcessor, type ExportCounts, type Items, type Report } from './export/delivery';
export {
  type Delegate,
  type Encoding,
  type GrpcOptions,
  grpcDelegate,
  type HttpOptions,
  httpDelegate,
} from './export/otlp-delegate';
export { DirectHistograms, type PointWithExemplars } from './metrics/direct-histograms';
export { DirectMeterProvider } from './metrics/direct-meter-provider';
export { DirectTracerProvider } from './spans/direct-tracer';
export { SpanQueue } from './spans/span-queue';
export { SpanSender } from './spans/span-sender';

/** The bytes are not what their content type says, or not what OTLP allows. */
export class InvalidPayload extends Error {
  override readonly name: string = 'InvalidPayload';
}

/** The bytes may be OTLP, but they would take too much memory as objects. */
export class PayloadTooComplex extends InvalidPayload {
  override readonly name = 'PayloadTooComplex';
}

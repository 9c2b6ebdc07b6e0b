/** The bytes are not what their content type says, or not what OTLP allows. */
export class InvalidPayload extends Error {
  override readonly name = 'InvalidPayload';
}

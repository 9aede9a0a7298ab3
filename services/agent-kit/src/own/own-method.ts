// A method of an agent's own, to those who call it.

/**
 * What a caller needs of a method: what a generator writes for grpc-js has it, and so has
 * what `jsonMethod` makes. A method that takes many requests is given one.
 */
export interface OwnMethod<Request, Response> {
  /** Such as `/acme.weather.v1.Weather/Forecast`. */
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

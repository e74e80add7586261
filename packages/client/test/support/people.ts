import { endpoint, tokenOf } from '../../../../interop/support/gateway.js';
import { type ClientOptions, HeimdallClient } from '../../src/index.js';

/** A client of someone of the demo world. */
export function clientOf(email: string, options: Partial<ClientOptions> = {}): HeimdallClient {
  return new HeimdallClient({ url: endpoint, token: () => tokenOf(email), ...options });
}

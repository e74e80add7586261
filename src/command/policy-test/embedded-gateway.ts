import { randomBytes } from 'node:crypto';
import { assemble } from '../../assemble.js';
import type { Database } from '../../data/clients.js';
import { createLog } from '../../http/log.js';
import { developmentSubject, signDevelopmentToken } from '../../identity/development-token.js';
import { type Call, callerOf } from './caller.js';

const AUDIENCE = 'heimdall';
/** As long as any run of a file could take. */
const TTL_SECONDS = 3600;

/** A gateway of our own, which trusts our tokens alone. */
export interface OwnGateway {
  readonly issuer: string;
  readonly call: Call;
  tokenFor(email: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts the gateway over an open and migrated database, on this machine alone. Whoever opened that closes it. */
export async function startOwnGateway(database: Database): Promise<OwnGateway> {
  const secret = randomBytes(32).toString('hex');
  const issuer = 'heimdall-policy-test';
  const { server } = assemble({
    database,
    tokens: { kind: 'secret', secret, issuer, audience: AUDIENCE },
    log: createLog('error', { write: (line) => void process.stderr.write(line) }),
    surface: { graphiql: false, mutations: false },
  });
  const url = await server.listen('127.0.0.1', 0);
  return {
    issuer,
    call: callerOf(`${url}/graphql`),
    tokenFor: (email) =>
      signDevelopmentToken({
        ...{ secret, issuer, audience: AUDIENCE, email, ttl: TTL_SECONDS },
        subject: developmentSubject(email),
      }),
    close: () => server.close(0),
  };
}

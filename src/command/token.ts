import { readEnv } from '../env.js';
import { developmentSubject, signDevelopmentToken } from '../identity/development-token.js';
import { keptSecret } from '../identity/kept-secret.js';
import { type Command, FLAG, TEXT, UsageError } from './command.js';
import { isAsked, numberOf, textOf } from './given.js';
import { tell } from './tell.js';

const EIGHT_HOURS = 28_800;
const THIRTY_DAYS = 2_592_000;

/** Asks no database: the token names the user by email, and the gateway binds it when it comes (D18). */
export const token: Command = {
  help: `Usage: heimdall token --user <email> [--ttl <seconds>] [--json]

Prints a bearer token that signs the user in to this gateway in development, and nothing else.

  --user <email>    who to sign in
  --ttl <seconds>   how long the token lasts (default 28800, at most 2592000)
  --json            as JSON

It is signed with HEIMDALL_JWT_SECRET, or else with the secret that is kept in HEIMDALL_DATA_DIR.
Where tokens come from an identity provider (HEIMDALL_JWKS_URL), there are none of ours.`,
  options: { user: TEXT, ttl: TEXT, json: FLAG },
  async run(given) {
    const user = textOf(given, 'user');
    if (user === undefined) throw new UsageError('--user <email> is missing');
    if (!/^[^\s@]+@[^\s@]+$/.test(user)) throw new UsageError('--user must be an email');
    const ttl = numberOf(given, 'ttl', { least: 1, most: THIRTY_DAYS, otherwise: EIGHT_HOURS });
    const { tokens } = readEnv();
    if (tokens.kind === 'jwks') {
      throw new Error('tokens come from the identity provider of HEIMDALL_JWKS_URL');
    }
    const signed = await signDevelopmentToken({
      secret: tokens.kind === 'kept' ? keptSecret(tokens.file) : tokens.secret,
      issuer: tokens.issuer,
      audience: tokens.audience,
      subject: developmentSubject(user),
      email: user,
      ttl,
    });
    tell(isAsked(given, 'json'), { token: signed, expiresInSeconds: ttl }, [signed]);
    return undefined;
  },
};

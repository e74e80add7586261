import { setTimeout as sleep } from 'node:timers/promises';
import { ask, signed } from './ask.js';
import { type Fault, underLoad } from './fault.js';
import { OPERATION_MS } from './load.js';
import type { Scene } from './scene.js';

const QUESTION = '{ forms { totalCount } }';
const LIVES_S = 3;
const AT_ONCE = 20;

export const tokenExpires: Fault = {
  name: 'token-expires',
  says: `tokens that live for ${LIVES_S} s end while they are used`,
  run: ({ ground, seconds }) =>
    underLoad(ground, {
      settings: { HEIMDALL_CLOCK_TOLERANCE_SECONDS: '0', HEIMDALL_MAX_SUBSCRIPTIONS: '100' },
      // Of others nobody has a token that ends.
      excuse: { codes: [] },
      async happen(scene, { url }) {
        let ended = 0;
        for (const end = Date.now() + seconds * 1_000; Date.now() < end; ended += AT_ONCE) {
          const uses = Array.from({ length: AT_ONCE }, () => useUp(scene, url));
          await Promise.all([...uses, subscribeUntil(scene, url)]);
        }
        return `${ended} tokens ended`;
      },
    }),
};

/** Asks until the token ends. INVARIANT: nothing that is asked afterwards is answered, however well known the token is. */
async function useUp({ planted, tally }: Scene, url: string): Promise<void> {
  const token = await signed(planted.emails.ada, LIVES_S);
  const endsAt = endOf(token);
  while (Date.now() < endsAt + 500) {
    const startedAt = Date.now();
    const outcome = await ask(url, { token, query: QUESTION }, OPERATION_MS);
    const isAnswered = outcome.kind === 'answered';
    const isRefused = outcome.kind === 'refused' && outcome.code === 'UNAUTHENTICATED';
    if (isAnswered && startedAt >= endsAt) tally.blame('a token was taken after its end');
    if (isRefused && Date.now() < endsAt) tally.blame('a token was refused before its end');
    if (!isAnswered && !isRefused) tally.blame(`a token was answered ${JSON.stringify(outcome)}`);
    await sleep(Math.random() * 200);
  }
}

const DONE_MS = 5_000;

/** A subscription ends with its token, and says so. */
async function subscribeUntil({ planted, tally }: Scene, url: string): Promise<void> {
  const token = await signed(planted.emails.ada, LIVES_S);
  const left = endOf(token) - Date.now() + DONE_MS;
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: 'subscription { changed { kind } }' }),
      signal: AbortSignal.timeout(left),
    });
    const text = await response.text();
    if (!text.includes('UNAUTHENTICATED'))
      tally.blame(`a subscription ended with ${text.slice(-200)}`);
  } catch (error) {
    tally.blame(`a subscription outlived its token: ${String(error)}`);
  }
}

/** In milliseconds, as the token itself says it. */
function endOf(token: string): number {
  const [, payload = ''] = token.split('.');
  const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
  return exp * 1_000;
}

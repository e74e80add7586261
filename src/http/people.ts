import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOwnMachine } from './loopback.js';
import { respondJson } from './respond.js';

/** Somebody of the demo world. */
export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  /** What they show, in one line. */
  readonly what: string;
}

/** The people as whom anybody at this machine may act, while the gateway is tried out. */
export interface DemoPeople {
  readonly list: readonly DemoPerson[];
  readonly tokenFor: (email: string) => Promise<string>;
}

/**
 * The route of the person picker: GET lists the people, POST with `?email=` answers a token of one of
 * them. Answers false, and nothing to the caller, where there is nothing to pick: then the route is as
 * unknown as any other.
 *
 * INVARIANT: only people on the list, and only for who could as well read the secret from this
 * machine's disk: whoever makes the gateway hands `people` in for a kept secret in development alone.
 */
export function createPeopleRoute(
  people: DemoPeople | undefined,
): (search: string, request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (search, request, response) => {
    if (people === undefined || !isOwnMachine(request)) return false;
    response.setHeader('cache-control', 'no-store');
    if (request.method === 'GET') {
      respondJson(response, 200, { people: people.list });
      return true;
    }
    if (request.method !== 'POST') return false;
    const asked = new URLSearchParams(search).get('email');
    const person = people.list.find(({ email }) => email === asked);
    if (person === undefined) return false;
    respondJson(response, 200, { token: await people.tokenFor(person.email) });
    return true;
  };
}

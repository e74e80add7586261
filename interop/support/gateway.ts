import { inject } from 'vitest';

/** People of the demo world. */
export const MIA = 'mia@acme.example';
export const ALICE = 'alice@acme.example';
export const FIONA = 'fiona@acme.example';
export const ODIN = 'odin@asgard.example';

/** Where queries go. */
export const endpoint = `${inject('gateway')}/graphql`;

/** A token of someone of the demo world, as GraphiQL's person picker gets it. */
export async function tokenOf(email: string): Promise<string> {
  const route = `${inject('gateway')}/people?${new URLSearchParams({ email })}`;
  const response = await fetch(route, { method: 'POST' });
  const { token } = (await response.json()) as { readonly token: string };
  return token;
}

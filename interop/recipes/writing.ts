import { vi } from 'vitest';
import type { Page } from './support.js';

/** Owns the Playground, which is there to be written in. */
export const PIA = 'pia@playground.example';

/** Those of which a test makes one, and nobody else. */
export const LIST = /* GraphQL */ `
  query Written($contains: String!) {
    forms(first: 5, where: { name: { contains: $contains } }) { edges { node { id name } } }
  }
`;

export const RENAME = /* GraphQL */ `
  mutation Rename($input: UpdateFormInput!) { updateForm(input: $input) { form { id name } } }
`;

export const namesOf = ({ edges }: Page): string[] => edges.map(({ node }) => node.name);

/** How often the gateway is asked meanwhile. */
export async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(globalThis, 'fetch');
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

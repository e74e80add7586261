import { expect } from 'vitest';

/** A page of a list, as every client hands it on. */
export interface Page {
  readonly totalCount?: number;
  readonly edges: readonly { readonly node: { readonly id: string; readonly name: string } }[];
}

/** Shows that a list is the first two pages of five, each row once. */
export function expectTwoPages({ edges }: Page): void {
  expect(edges).toHaveLength(10);
  expect(new Set(edges.map(({ node }) => node.id)).size).toBe(10);
  const names = edges.map(({ node }) => node.name);
  expect(names.every((name) => name !== '')).toBe(true);
}

/** What Mia, who manages nothing, may not be told: null, and no error (D15). */
export const WITHHELD = /* GraphQL */ `
  query Withheld {
    formByName(name: "Expense Claim") { id name canManage accessLevel owner { id name } }
  }
`;
export const WITHHELD_FORM = {
  name: 'Expense Claim',
  canManage: false,
  accessLevel: null,
  owner: null,
};

/** A field whose input is at fault, beside one that has nothing to do with it. */
export const HALF_BAD = /* GraphQL */ `
  query HalfBad {
    viewer { user { id email } }
    formByName(name: "Onboarding", scope: "no scope") { id name }
  }
`;
export const BAD_CODE = 'SCOPE_FORBIDDEN';

import { type Client, gql } from '@urql/core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { MIA } from '../support/gateway.js';
import { blocksOf, runRecipe } from '../support/recipe.js';
import { BAD_CODE, expectTwoPages, HALF_BAD, WITHHELD, WITHHELD_FORM } from './support.js';
import { LIST, namesOf, PIA, RENAME, requestsOf } from './writing.js';

/** The list of the recipe for Apollo Client: it is of no client in particular. */
const FORMS = /gql`(.*?)`/s.exec(blocksOf('Apollo Client', 'js').join(''))?.[1] ?? '';

const CREATE = /* GraphQL */ `
  mutation Create($input: CreateFormInput!) { createForm(input: $input) { form { id name } } }
`;

describe('issue 10, number 29: the recipe for urql', () => {
  let client: Client;
  beforeAll(async () => {
    ({ client } = await runRecipe<{ readonly client: Client }>('urql', MIA, ['client']));
  });

  it('lists two pages as one list', async () => {
    const first = await client.query(gql(FORMS), { after: null });
    expect(first.error).toBeUndefined();
    expect(first.data.forms.edges).toHaveLength(5);
    const { endCursor } = first.data.forms.pageInfo;
    const both = await client.query(gql(FORMS), { after: endCursor });
    expectTwoPages(both.data.forms);
    expect(both.data.forms.edges.slice(0, 5)).toEqual(first.data.forms.edges);
  });

  it('reads a withheld field as null, without an error (D15)', async () => {
    const { data, error } = await client.query(gql(WITHHELD), {});
    expect(error).toBeUndefined();
    expect(data.formByName).toMatchObject(WITHHELD_FORM);
  });

  it('gets the error of a bad input beside its good siblings', async () => {
    const { data, error } = await client.query(gql(HALF_BAD), {});
    expect(data).toMatchObject({ viewer: { user: { email: MIA } }, formByName: null });
    expect(error?.graphQLErrors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['formByName'], BAD_CODE],
    ]);
  });
});

it('what is written with urql is in its store, and in the lists that are forgotten for it', async () => {
  const complaints = vi.spyOn(console, 'warn');
  const { client } = await runRecipe<{ readonly client: Client }>('urql', PIA, ['client']);
  const list = async () => {
    const { data, error } = await client.query(gql(LIST), { contains: 'with urql' });
    expect(error).toBeUndefined();
    return namesOf(data.forms);
  };
  expect(await list()).toEqual([]);
  const { data } = await client.mutation(gql(CREATE), { input: { name: 'zz made with urql' } });
  expect(await list()).toEqual(['zz made with urql']);
  const { id } = data.createForm.form;
  const renamed = async () => {
    await client.mutation(gql(RENAME), { input: { id, name: 'zz renamed with urql' } });
    expect(await list()).toEqual(['zz renamed with urql']);
  };
  // The mutation itself: the list shows it out of the store.
  expect(await requestsOf(renamed)).toBe(1);
  expect(complaints.mock.calls).toEqual([]);
  complaints.mockRestore();
});

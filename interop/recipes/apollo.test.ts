import {
  type ApolloClient,
  CombinedGraphQLErrors,
  gql,
  type ObservableQuery,
} from '@apollo/client';
import { beforeAll, describe, expect, it } from 'vitest';
import { MIA } from '../support/gateway.js';
import { runRecipe } from '../support/recipe.js';
import {
  BAD_CODE,
  expectTwoPages,
  HALF_BAD,
  type Page,
  WITHHELD,
  WITHHELD_FORM,
} from './support.js';
import { LIST, namesOf, PIA, RENAME, requestsOf } from './writing.js';

interface Recipe {
  readonly client: ApolloClient;
  readonly forms: ObservableQuery<{ readonly forms: Page }>;
  readonly create: (input: object) => Promise<{ readonly data?: Data }>;
}

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of an answer.
type Data = any;

describe('issue 10, number 29: the recipe for Apollo Client', () => {
  let recipe: Recipe;
  beforeAll(async () => {
    recipe = await runRecipe<Recipe>('Apollo Client', MIA, ['client', 'forms']);
  });

  it('lists two pages as one list', () => {
    const { forms } = recipe.forms.getCurrentResult().data as { readonly forms: Page };
    expectTwoPages(forms);
    expect(forms.totalCount).toBeGreaterThan(10);
  });

  it('reads a withheld field as null, without an error (D15)', async () => {
    const { data, error } = await recipe.client.query<Data>({ query: gql(WITHHELD) });
    expect(error).toBeUndefined();
    expect(data.formByName).toMatchObject(WITHHELD_FORM);
  });

  it('gets the error of a bad input beside its good siblings', async () => {
    const { data, error } = await recipe.client.query<Data>({
      query: gql(HALF_BAD),
      errorPolicy: 'all',
    });
    expect(data).toMatchObject({ viewer: { user: { email: MIA } }, formByName: null });
    if (!CombinedGraphQLErrors.is(error)) throw new Error(`not an error of GraphQL: ${error}`);
    expect(error.errors.map(({ path, extensions }) => [path, extensions?.code])).toEqual([
      [['formByName'], BAD_CODE],
    ]);
  });
});

it('what is written with Apollo Client is in its store, and in a list as soon as that is evicted', async () => {
  const { client, create } = await runRecipe<Recipe>('Apollo Client', PIA, ['client', 'create']);
  const asked = { query: gql(LIST), variables: { contains: 'with Apollo' } };
  const list = async () => namesOf((await client.query<Data>(asked)).data.forms);
  expect(await list()).toEqual([]);
  const { data } = await create({ name: 'zz made with Apollo' });
  expect(await list()).toEqual(['zz made with Apollo']);
  const { id } = data.createForm.form;
  const renamed = async () => {
    const input = { id, name: 'zz renamed with Apollo' };
    await client.mutate({ mutation: gql(RENAME), variables: { input } });
    expect(await list()).toEqual(['zz renamed with Apollo']);
  };
  // The mutation itself: the list shows it out of the store.
  expect(await requestsOf(renamed)).toBe(1);
});

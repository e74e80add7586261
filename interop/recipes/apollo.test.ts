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

interface Recipe {
  readonly client: ApolloClient;
  readonly forms: ObservableQuery<{ readonly forms: Page }>;
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

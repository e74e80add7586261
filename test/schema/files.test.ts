import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildClientSchema,
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  isSpecifiedDirective,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.js';

const file = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8');
const text = (one: GraphQLSchema) => printSchema(lexicographicSortSchema(one)).trim();
const lines = (sdl: string) => sdl.split('\n').filter((line) => line !== '');

const EVERYTHING = {
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
};

/** What a client learns of the schema by asking, whoever it is. */
async function introspected(): Promise<GraphQLSchema> {
  const yoga = createYoga({ schema, logging: false });
  const response = await yoga.fetch('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery(EVERYTHING) }),
  });
  const { data } = (await response.json()) as { data: IntrospectionQuery };
  return buildClientSchema(data);
}

/** Told apart here in words of its own: by what federation's specification adds. */
function withoutFederation(sdl: string): string {
  return sdl
    .split('\n\n')
    .filter((part) => !/^(""".*?"""\n)?(scalar _Any|union _Entity|type _Service)\b/s.test(part))
    .filter((part) => !/^(""".*?"""\n)?directive @/s.test(part))
    .join('\n\n')
    .replace(/^ {2}_service: .*\n/m, '')
    .replace(/^ {2}_entities\(.*\n/m, '');
}

describe('issue 10, number 27', () => {
  it('schema.graphql is plain GraphQL, which every tool reads', () => {
    const client = buildSchema(file('schema.graphql'));
    expect(client.getDirectives().filter((one) => !isSpecifiedDirective(one))).toEqual([]);
    expect(file('schema.graphql')).not.toMatch(/@(key|shareable|link)\b|\b_(Any|Entity|Service)\b/);
    expect(client.getQueryType()?.getFields()).not.toHaveProperty('_entities');
    expect(client.getQueryType()?.getFields()).not.toHaveProperty('_service');
  });

  it('it is what introspection answers, without federation', async () => {
    const answered = withoutFederation(text(await introspected()));
    expect(lines(answered)).toEqual(lines(text(buildSchema(file('schema.graphql')))));
  });

  it('schema.subgraph.graphql is for composition: it has the keys', () => {
    expect(file('schema.subgraph.graphql')).toMatch(/^extend schema @link\(/m);
    expect(file('schema.subgraph.graphql')).toMatch(/^type Form implements Node @key\(/m);
  });
});

import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const own = await world.scope(a, 'own');
  const foreign = await world.scope(b, 'foreign');
  await world.row('form', own, 'open to everybody in A');
  return { own, foreign, nobody: await world.user(a) };
});
const ABSENT = '018f0000-0000-7000-8000-00000000dead';
const SOURCE = `query ($scope: ID!) {
  scope(id: $scope) { id }
  node(id: $scope) { id }
  forms(scope: $scope) { totalCount }
}`;
const ask = async (scope: string) => {
  const { data, errors } = await shared.ask(shared.w.nobody.email, SOURCE, { scope });
  const codes = errors.map(({ message, extensions }) => [message, extensions.code]);
  return { data, codes };
};

describe('issue 10, number 29: a hidden scope as a place (D4, D14)', () => {
  it('of the own organization is told from an absent one, and by nothing but that', async () => {
    expect(await ask(shared.w.own.id)).toEqual({
      data: { scope: null, node: null, forms: { totalCount: 1 } },
      codes: [],
    });
  });

  it('of another organization is not', async () => {
    const absent = await ask(ABSENT);
    expect(absent.codes).toEqual([['you cannot act in this scope', 'SCOPE_FORBIDDEN']]);
    expect(await ask(shared.w.foreign.id)).toEqual(absent);
  });
});

import { expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

/** One letter of each answer, while it lies. */
let isLying = false;

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const reader = await world.manager(a, ['form:read']);
    await world.row('form', a, 'Leavers of May', { by: reader });
    return { reader };
  },
  {},
  undefined,
  {
    answering: (outcome) =>
      isLying && typeof outcome === 'object'
        ? { ...outcome, text: outcome.text.replace('May', 'Mar') }
        : outcome,
  },
);
const ask = () => shared.ask(shared.w.reader.email, '{ forms { edges { node { name } } } }');

it('a compiled answer that is wrong by one byte fails whichever test asks for it', async () => {
  const { data } = await ask();
  expect(data.forms.edges).toEqual([{ node: { name: 'Leavers of May' } }]);
  expect(shared.logged).toEqual([]);
  isLying = true;
  await expect(ask()).rejects.toThrow('the paths answered differently');
  expect(shared.logged).toHaveLength(1);
  expect(shared.logged[0]).not.toMatch(/Leavers|May|Mar\b/);
});

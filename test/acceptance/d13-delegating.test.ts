import { expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { asking, workerKey, workerOf } from '../support/working.js';

/** One more than may delegate to one another. */
const AGENTS = 7;

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const user = await world.user(a, 'user');
  const chain: string[] = [];
  for (let n = 0; n < AGENTS; n += 1) {
    const { id } = await world.row('agent', a, `agent ${n}`);
    const agentId = chain.at(-1);
    if (agentId !== undefined)
      await world.client.agentDelegate.create({ data: { agentId, delegateId: id } });
    chain.push(id);
  }
  return { user, chain, key: await workerKey(world, a) };
});

const EXECUTION = 'execution { id depth }';

it('D13: a task is passed on five times, and not a sixth time', async () => {
  const { user, chain, key } = shared.w;
  const [first, ...others] = chain;
  const begun = await mutate(
    ...[shared, user.email, 'createConversation', { agent: first }, 'conversation { id }'],
  );
  const input = { conversation: begun.answer.conversation.id, content: 'pass it on' };
  const selection = `message { ${EXECUTION} }`;
  const sent = await mutate(shared, user.email, 'sendMessage', input, selection);
  let { id } = sent.answer.message.execution;
  const depths: number[] = [];
  const codes: string[] = [];
  for (const agent of others) {
    const [run] = await workerOf(shared, key).claim({ queues: ['agents'] });
    expect(run?.id).toBe(id);
    const { data, errors } = await asking(
      shared,
      String(run?.token),
    )(`mutation { delegate(input: { agent: "${agent}", task: "pass it on" }) { ${EXECUTION} } }`);
    codes.push(...errors.map(({ extensions }) => extensions.code));
    if (errors.length > 0) break;
    id = data.delegate.execution.id;
    depths.push(data.delegate.execution.depth);
  }
  expect(depths).toEqual([1, 2, 3, 4, 5]);
  expect(codes).toEqual(['LIMIT_EXCEEDED']);
  expect(await shared.world.client.execution.count()).toBe(6);
});

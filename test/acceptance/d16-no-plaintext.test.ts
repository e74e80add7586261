import { expect, it } from 'vitest';
import { rotateSecrets } from '../../src/data/secret-rotation.js';
import { createKeyring } from '../../src/secrets/keyring.js';
import { resealingOf } from '../../src/secrets/of-config.js';
import { freshDatabase } from '../support/database.js';
import { subscribe } from '../support/events.js';
import { type Answer, startGateway } from '../support/gateway.js';
import { expectNoneKept } from '../support/plaintexts.js';

/** Words that occur nowhere else. */
const SECRETS = ['plaintext-alpha', 'plaintext-beta', 'plaintext-gamma', 'plaintext-delta'];
const [ALPHA, BETA, GAMMA, DELTA] = SECRETS as [string, string, string, string];
const old = { id: 'old', bytes: Buffer.alloc(32, 3) };
const anew = { id: 'new', bytes: Buffer.alloc(32, 4) };

/**
 * Everything that can be done with secrets and keys, well and badly; then every answer, event, log line, entry of the record and
 * row of the database is searched for what nobody may find there.
 */
it('D16, D42: a secret is in nothing but the answers that reveal it, and a key in the one that tells it', async () => {
  let isCrashing = false;
  const database = await freshDatabase({
    onQuery(sql) {
      if (isCrashing && /INSERT INTO "public"."config"|UPDATE "public"."config"/.test(sql)) {
        throw new Error('the connection broke');
      }
    },
  });
  const gateway = await startGateway({ subscriptionsMs: 200 }, () => {}, {
    keyring: createKeyring([old]),
    level: 'trace',
    database,
  });
  const { world } = gateway;
  const a = await world.organization('A');
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const reader = await world.manager(a, ['config:read', 'apiKey:read', 'audit:read']);
  const answers: { asked: string; text: string }[] = [];
  let keyValue = '';

  const ask = async (
    who: string,
    source: string,
    variables = {},
    headers = {},
  ): Promise<Answer> => {
    const answer = await gateway.ask(who, source, variables, headers);
    answers.push({ asked: source, text: JSON.stringify(answer) });
    return answer;
  };
  const send = async (who: string, name: string, input: object, selection: string) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
    const { data } = await ask(who, source, { input });
    return data?.[name];
  };
  const CONFIG = 'config { id key value type isSecret version }';

  // Told of all of it meanwhile, as far as who reads the configs is told anything.
  const query = `subscription { changed(types: ["config"]) { kind id node {
    ... on Config { key value type isSecret history { edges { node { before after reason } } } } } } }`;
  const stream = await subscribe(gateway.url, await gateway.credentialOf(reader.email), { query });
  const events = [JSON.stringify(await stream.event())];

  // Create, by each way; fail, by each way.
  const made = await send(
    admin.email,
    'createConfig',
    { key: 'a', type: 'SECRET', value: ALPHA },
    CONFIG,
  );
  const { id } = made.config;
  await send(admin.email, 'setConfig', { key: 'b', type: 'SECRET', value: { is: BETA } }, CONFIG);
  const many = {
    configs: [
      { key: 'c', type: 'SECRET', value: GAMMA },
      { key: 'c', type: 'SECRET', value: GAMMA },
    ],
  };
  await send(admin.email, 'createConfigs', many, 'configs { id }');
  await send(admin.email, 'createConfig', { key: 'a', type: 'SECRET', value: GAMMA }, CONFIG);
  await send(admin.email, 'createConfig', { key: '!', type: 'SECRET', value: GAMMA }, CONFIG);
  await send(admin.email, 'createConfig', { key: 'd', type: 'SECRET', vlaue: GAMMA }, CONFIG);
  await send(admin.email, 'createConfig', { key: 'd', type: 'NUMBER', value: GAMMA }, CONFIG);
  await send(admin.email, 'updateConfig', { id, value: GAMMA, version: 99 }, CONFIG);
  await send(reader.email, 'updateConfig', { id, value: GAMMA }, CONFIG);
  await send(reader.email, 'revealConfig', { id, reason: 'no' }, `value ${CONFIG}`);
  await ask(
    admin.email,
    `mutation { createConfig(input: { key: "e", type: SECRET, value: "${GAMMA}", x: 1 }) { config { id } } }`,
  );
  // Read, list, filter, sort.
  const every = '{ configs { edges { node { id key value type isSecret } } } }';
  for (const who of [admin.email, reader.email]) {
    await ask(who, every);
    await ask(
      who,
      `{ config(id: "${id}") { value history { edges { node { before after reason } } } } }`,
    );
    await ask(who, '{ auditEntries { edges { node { action before after reason } } } }');
    await ask(who, `{ configs(where: { value: { eq: "${ALPHA}" } }) { totalCount } }`);
  }
  // Update, with a type there and back, moving, transferring.
  await send(admin.email, 'updateConfig', { id, value: DELTA }, CONFIG);
  await send(admin.email, 'updateConfig', { id, description: 'x' }, CONFIG);
  const scope = await world.scope(a, 'Project');
  await send(admin.email, 'moveConfig', { id, scope: scope.id }, CONFIG);
  await send(admin.email, 'transferConfig', { id, owner: admin.id }, CONFIG);
  // What breaks in the middle of it, and is logged as unexpected.
  isCrashing = true;
  for (const [name, input] of [
    ['createConfig', { key: 'f', type: 'SECRET', value: GAMMA }],
    ['updateConfig', { id, value: GAMMA }],
  ] as const) {
    const crashed = await send(admin.email, name, input, CONFIG).catch((error: unknown) => error);
    answers.push({ asked: name, text: String(crashed) });
    expect(String(crashed)).toContain('the connection broke');
  }
  isCrashing = false;
  // Keys: made, used, rotated, refused.
  const key = await send(
    admin.email,
    'createApiKey',
    { name: 'k', operations: ['config:read', 'config:reveal'] },
    'key apiKey { id prefix }',
  );
  keyValue = key.key;
  await gateway.ask(null, every, {}, { 'x-api-key': keyValue });
  await gateway.ask(null, every, {}, { 'x-api-key': `${keyValue}x` });
  await gateway.ask(null, every, {}, { 'x-api-key': keyValue, authorization: 'Bearer x' });
  const rotated = await send(
    admin.email,
    'rotateApiKey',
    { id: key.apiKey.id, overlapSeconds: 60 },
    'key apiKey { id prefix }',
  );
  await ask(
    reader.email,
    '{ apiKeys { edges { node { name prefix history { edges { node { before after } } } } } } }',
  );
  await send(admin.email, 'revokeApiKey', { id: key.apiKey.id }, 'apiKey { id }');
  const last = await send(
    admin.email,
    'setConfig',
    { key: 'last', type: 'STRING', value: 'x' },
    CONFIG,
  );
  while (!events.at(-1)?.includes(last.config.id)) {
    events.push(JSON.stringify(await stream.event()));
  }
  stream.close();
  // Rotate, and reveal at last.
  const ring = createKeyring([anew, old]);
  const { rotated: count } = await rotateSecrets(database.sql, resealingOf(ring), { batch: 1 });
  expect(count).toBe(2);
  const unread = await send(admin.email, 'revealConfig', { id, reason: 'x' }, `value ${CONFIG}`);
  expect(unread).toBeNull();
  await gateway.stopServing();
  const second = await startGateway({}, () => {}, { keyring: ring, level: 'trace', database });
  const { data } = await second.ask(
    admin.email,
    `mutation { revealConfig(input: { id: "${id}", reason: "x" }) { value } }`,
  );
  expect(data.revealConfig.value).toBe(DELTA);

  // The last values are there; and nowhere to be found.
  const forbidden = [...SECRETS, keyValue.slice(17), rotated.key.slice(17)];
  const told = (text: string) => forbidden.filter((one) => text.includes(one));
  for (const { asked, text } of answers) {
    const isKey = asked.includes('createApiKey') || asked.includes('rotateApiKey');
    if (!isKey) expect([asked, told(text)]).toEqual([asked, []]);
  }
  // Of the secret there were some, or nothing was shown by them.
  expect(events.filter((one) => one.includes('"isSecret":true')).length).toBeGreaterThan(1);
  expect(events.flatMap(told)).toEqual([]);
  const logs = [...gateway.logged, ...second.logged].join('\n');
  expect(logs).toContain('credential refused');
  expect(told(logs)).toEqual([]);
  await expectNoneKept(database, told);
  await second.close();
}, 120_000);

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/data/clients.js';
import { bringUpToDate } from '../../src/data/up-to-date.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { type Cluster, hasClusters, startCluster } from '../support/cluster.js';
import { type RunningGateway, startGateway } from '../support/gateway.js';
import type { Person, Spot } from '../support/world.js';

const onServer = process.env.HEIMDALL_TEST_ON === 'server';
if (onServer && !hasClusters) {
  process.stderr.write('replicas are NOT TESTED: there is no initdb beside pg_config\n');
}

/** However slow the machine is, it is found out how far the replica is. */
const PATIENT = { replicaMs: 20_000 };
const QUERY = '{ forms { edges { node { name } } } }';

describe.runIf(onServer && hasClusters)('a replica', () => {
  let cluster: Cluster;
  let database: Database;
  let standby: Database;
  let gateway: RunningGateway;
  let a: Spot;
  let reader: Person;
  let form: { readonly id: string };
  const told: (string | null)[] = [];

  beforeAll(async () => {
    cluster = await startCluster();
    const { primary, standby: other } = cluster;
    database = await openDatabase({
      url: primary.url,
      replicaUrl: other.url,
      poolSize: 4,
      limits: { ...DEFAULT_LIMITS, ...PATIENT },
      onReplica: (error) => void told.push(error === null ? null : error.message),
    });
    await bringUpToDate(database);
    standby = await openDatabase({ url: other.url, poolSize: 1 });
    // Every answer is compared with that of the other path, which asks the primary alone.
    gateway = await startGateway(PATIENT, undefined, { database, shadow: 1 });
    const { world } = gateway;
    a = await world.organization('A');
    const role = await world.role(a, ['form:read']);
    reader = await world.user(a, 'reader');
    await world.hold(reader, role, a);
    form = await world.row('form', a, 'first', { access: 'ROLE_BASED', by: await world.user(a) });
    await names();
  });
  afterAll(async () => {
    await standby?.close();
    await gateway?.close();
    await cluster?.close();
  });

  async function names(): Promise<string[]> {
    const { data, errors } = await gateway.ask(reader.email, QUERY);
    expect(errors).toEqual([]);
    return data.forms.edges.map(({ node }: { node: { name: string } }) => node.name);
  }
  const rename = (name: string) =>
    gateway.world.client.form.update({ where: { id: form.id }, data: { name } });
  const reads = () => database.replica?.reads() ?? { replica: 0, primary: 0 };
  const hold = () => standby.sql.query('SELECT pg_wal_replay_pause()');
  const release = () => standby.sql.query('SELECT pg_wal_replay_resume()');
  /** Asks until the replica answers. */
  const caughtUp = async () => {
    const { replica } = reads();
    await expect
      .poll(async () => [await names(), reads().replica > replica][1], { timeout: 30_000 })
      .toBe(true);
  };
  beforeEach(caughtUp);

  it('answers what was asked after it had replayed everything', async () => {
    expect(await names()).toEqual(['first']);
  });

  it('that is held back answers nothing that was asked after a write', async () => {
    await hold();
    await rename('second');
    const before = reads();
    expect(await names()).toEqual(['second']);
    expect(reads().replica).toBe(before.replica);
    expect(reads().primary).toBeGreaterThan(before.primary);
    await release();
    await caughtUp();
    expect(await names()).toEqual(['second']);
  });

  it('that is held back lets nobody act who no longer may', async () => {
    await hold();
    const { client } = gateway.world;
    const membership = await client.membership.findFirstOrThrow({ where: { userId: reader.id } });
    await client.membership.update({
      where: { id: membership.id },
      data: { expiresAt: new Date(0) },
    });
    expect(await names()).toEqual([]);
    await release();
    await caughtUp();
    expect(await names()).toEqual([]);
    await client.membership.update({ where: { id: membership.id }, data: { expiresAt: null } });
    expect(await names()).toHaveLength(1);
  });

  it('is never behind what somebody knows, whenever it is held back', async () => {
    const before = reads();
    for (let round = 0; round < 120; round += 1) {
      if (round % 4 === 0) await hold();
      if (round % 4 === 2) await release();
      // Now and then it gets the time to catch up.
      if (round % 4 === 3) await caughtUp();
      await rename(`round ${round}`);
      const answers = await Promise.all([names(), names(), names()]);
      expect(answers).toEqual([[`round ${round}`], [`round ${round}`], [`round ${round}`]]);
    }
    await release();
    expect(reads().primary).toBeGreaterThan(before.primary);
    expect(reads().replica).toBeGreaterThan(before.replica);
  }, 120_000);

  it('that is gone costs no answer, and is used again once it is back', async () => {
    await standby.close();
    await cluster.standby.stop();
    told.length = 0;
    for (let round = 0; round < 5; round += 1) expect(await names()).toHaveLength(1);
    expect(told).toEqual([expect.any(String)]);
    await cluster.standby.start();
    await caughtUp();
    expect(told).toEqual([expect.any(String), null]);
    standby = await openDatabase({ url: cluster.standby.url, poolSize: 1 });
  });

  it('that is none is never asked', async () => {
    const { url } = cluster.primary;
    const wrong = await openDatabase({ url, replicaUrl: url, poolSize: 1 });
    const other = await startGateway(PATIENT, undefined, { database: wrong, shadow: 1 });
    // Whoever asks for the first time is read from the primary, and answered from there anyway.
    for (let round = 0; round < 3; round += 1) {
      const { errors } = await other.ask(reader.email, QUERY);
      expect(errors).toEqual([]);
    }
    expect(wrong.replica?.reads()).toMatchObject({ replica: 0 });
    expect(wrong.replica?.reads().primary).toBeGreaterThan(0);
    await other.close();
  });
});

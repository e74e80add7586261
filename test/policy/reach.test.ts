import { describe, expect, test } from 'vitest';
import { definePolicy, type Ownership } from '../../src/policy/define-policy.js';
import { always } from '../../src/policy/predicate.js';
import type { Principal, TeamMembership } from '../../src/policy/principal.js';
import { reachResidual } from '../../src/policy/reach.js';
import type { DataAccess } from '../../src/policy/vocabulary.js';
import { holds, principal } from './principals.js';

const policy = (ownership: Ownership) =>
  definePolicy('Thing', { ownership, actions: { read: always }, fields: { open: [] } });
/** Members that are known by id, and members of whom the database has to be asked. */
const counted: TeamMembership = { resolved: true, ids: ['t'], memberIds: ['mate', 'me'] };
const uncounted: TeamMembership = { resolved: true, ids: ['t'], memberIds: null };
const me = principal({ teams: counted });
const meInLargeTeams = principal({ teams: uncounted });
const alone: TeamMembership = { resolved: true, ids: [], memberIds: [] };

function covers(
  reach: string,
  row: object,
  { ownership = 'owned' as Ownership, action = 'read', who = me as Principal } = {},
): boolean {
  const answers = (who === me ? [me, meInLargeTeams] : [who]).map((asking) =>
    holds(reachResidual(policy(ownership), action, reach as DataAccess, asking), {
      createdById: null,
      ownerId: null,
      teamId: null,
      createdBy: null,
      owner: null,
      ...row,
    }),
  );
  expect(new Set(answers).size, 'whether the members of the teams are counted').toBe(1);
  return answers[0] === true;
}

const mine = { createdById: 'me', createdBy: { teams: [{ teamId: 't' }] } };
const given = { ownerId: 'me', owner: { teams: [{ teamId: 't' }] } };
const mates = { createdById: 'mate', createdBy: { teams: [{ teamId: 't' }] } };
const matesNow = { ownerId: 'mate', owner: { teams: [{ teamId: 't' }] } };
const strangers = { ownerId: 'you', owner: { teams: [{ teamId: 'u' }] } };
const teams = { teamId: 't' };
const otherTeams = { teamId: 'u' };
const unowned = {};

describe('D7: rows with creator, owner and team', () => {
  test.each<[string, object, own: boolean, team: boolean]>([
    ['created by me', mine, true, true],
    ['owned by me', given, true, true],
    ['created by a teammate', mates, false, true],
    ['owned by a teammate', matesNow, false, true],
    ['of my team', teams, false, true],
    ['of another team', otherTeams, false, false],
    ['of a stranger', strangers, false, false],
    ['of nobody', unowned, true, true],
  ])('%s', (_name, row, own, team) => {
    expect(covers('OWN_DATA', row)).toBe(own);
    expect(covers('TEAM_DATA', row)).toBe(team);
    expect(covers('ALL_DATA', row)).toBe(true);
  });

  test('rows of nobody are written with ALL_DATA alone', () => {
    for (const action of ['update', 'delete', 'share', 'create']) {
      expect(covers('OWN_DATA', unowned, { action })).toBe(false);
      expect(covers('TEAM_DATA', unowned, { action })).toBe(false);
      expect(covers('ALL_DATA', unowned, { action })).toBe(true);
      expect(covers('OWN_DATA', mine, { action })).toBe(true);
    }
  });

  test('a team list that is not known covers nothing at all; an empty one the own rows', () => {
    const lost = principal({ teams: { resolved: false } });
    for (const row of [mine, teams, unowned]) {
      expect(covers('TEAM_DATA', row, { who: lost })).toBe(false);
    }
    expect(covers('OWN_DATA', mine, { who: lost })).toBe(true);
    const who = principal({ teams: alone });
    expect(covers('TEAM_DATA', mine, { who })).toBe(true);
    expect(covers('TEAM_DATA', mates, { who })).toBe(false);
    expect(covers('TEAM_DATA', teams, { who })).toBe(false);
  });

  test('without a user, null owners are nobody, not oneself', () => {
    const nobody = principal({ userId: null, teams: alone });
    expect(covers('OWN_DATA', { teamId: 'u' }, { who: nobody })).toBe(false);
    expect(covers('TEAM_DATA', { teamId: 'u' }, { who: nobody })).toBe(false);
  });

  test('an unknown reach covers nothing (§6.3)', () => {
    for (const reach of ['', 'all_data', 'ALL', 'EVERYTHING', 'toString']) {
      expect(covers(reach, mine)).toBe(false);
      expect(covers(reach, unowned)).toBe(false);
    }
  });
});

describe('D7: teams, users and rows that nobody owns', () => {
  const member = { createdById: 'you', createdBy: strangers.owner, members: [{ userId: 'me' }] };
  const matesTeam = { ...mates, members: [] };
  const strangersTeam = { createdById: 'you', createdBy: strangers.owner, members: [] };

  test('teams: own = member of or created, team = those of teammates too', () => {
    const of = { ownership: 'team' as const };
    expect(covers('OWN_DATA', member, of)).toBe(true);
    expect(covers('OWN_DATA', { ...mine, members: [] }, of)).toBe(true);
    expect(covers('OWN_DATA', matesTeam, of)).toBe(false);
    expect(covers('TEAM_DATA', matesTeam, of)).toBe(true);
    expect(covers('TEAM_DATA', strangersTeam, of)).toBe(false);
  });

  test('users: own = oneself, team = teammates', () => {
    const of = { ownership: 'user' as const };
    const mate = { id: 'mate', teams: [{ teamId: 't' }] };
    const stranger = { id: 'you', teams: [{ teamId: 'u' }] };
    expect(covers('OWN_DATA', { id: 'me', teams: [] }, of)).toBe(true);
    expect(covers('OWN_DATA', mate, of)).toBe(false);
    expect(covers('TEAM_DATA', mate, of)).toBe(true);
    expect(covers('TEAM_DATA', stranger, of)).toBe(false);
  });

  test('rows of a kind that has no owners are read under every reach and written under ALL_DATA', () => {
    const of = { ownership: 'none' as const };
    expect(covers('OWN_DATA', {}, of)).toBe(true);
    expect(covers('OWN_DATA', {}, { ...of, action: 'update' })).toBe(false);
    expect(covers('ALL_DATA', {}, { ...of, action: 'update' })).toBe(true);
  });
});

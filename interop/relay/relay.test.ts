import type { Environment, Variables } from 'relay-runtime';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { namesOf, PIA, requestsOf } from '../recipes/writing.js';
import { ALICE, endpoint, MIA, ODIN, tokenOf } from '../support/gateway.js';
import { compileProject } from './project.js';
import { kept, load, loadNext, read, refetch, write } from './without-react.js';

const project = compileProject();

/** What Relay has to complain of: two kinds of thing under one id, fields that an answer lacks. */
const complaints = vi.spyOn(console, 'error');
beforeEach(() => void complaints.mockReset());

type Page = { readonly edges: readonly { readonly node: { readonly id: string } }[] };
const idsOf = ({ edges }: Page) => edges.map(({ node }) => node.id);

/** What the gateway answers to a compiled query, without a store in between. */
async function answerTo(name: string, email: string, variables: Variables = {}) {
  const { params } = await project.query(name);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenOf(email)}`,
    },
    body: JSON.stringify({ query: params.text, variables }),
  });
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  return data;
}

describe('issue 10: a Relay store pages through a list', () => {
  it('and appends what follows until nothing does, each row once, as the list of docs/clients.md', async () => {
    const environment = await project.environmentOf(MIA);
    const fragment = await project.fragment('Forms_list');
    const reference = await load(environment, await project.query('FormsListQuery'), { count: 20 });
    let { forms } = read(environment, fragment, reference);
    expect(forms.edges).toHaveLength(20);
    const first = idsOf(forms);
    while (forms.pageInfo.hasNextPage) {
      forms = (await loadNext(environment, fragment, reference, 20)).forms;
    }
    const ids = idsOf(forms);
    expect(ids.slice(0, 20)).toEqual(first);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(reference.all.totalCount);
    const whole = await answerTo('FormsListQuery', MIA, { count: 200 });
    expect(ids).toEqual(idsOf(whole.forms));
    expect(complaints.mock.calls).toEqual([]);
  });

  it('and keeps lists apart that `where` tells apart', async () => {
    const environment = await project.environmentOf(ALICE);
    const fragment = await project.fragment('Named_forms');
    const query = await project.query('NamedQuery');
    const named = (contains: string) =>
      load(environment, query, { count: 2, where: { name: { contains } } });
    const claims = await named('claim');
    const reports = await named('report');
    await loadNext(environment, fragment, reports, 2);
    for (const [reference, word] of [
      [claims, /claim/i],
      [reports, /report/i],
    ] as const) {
      const { forms } = read(environment, fragment, reference);
      expect(forms.edges.length).toBeGreaterThan(1);
      for (const { node } of forms.edges) expect(node.name).toMatch(word);
      expect(forms.totalCount).toBeGreaterThanOrEqual(forms.edges.length);
      expect(new Set(idsOf(forms)).size).toBe(forms.edges.length);
    }
    expect(read(environment, fragment, reports).forms.edges.length).toBeGreaterThan(2);
    expect(read(environment, fragment, claims).forms.edges).toHaveLength(2);
    expect(complaints.mock.calls).toEqual([]);
  });
});

describe('issue 10: a Relay store pages through a list below a row', () => {
  it('by node, until nothing follows, each row once', async () => {
    const environment = await project.environmentOf(ALICE);
    const fragment = await project.fragment('Nested_forms');
    const { viewer } = await answerTo('PlacesQuery', ALICE, { everywhere: false });
    const variables = { id: viewer.organization.id, count: 30 };
    const { organization } = await load(environment, await project.query('NestedQuery'), variables);
    const { rootScope } = organization;
    let { forms } = read(environment, fragment, rootScope);
    expect(forms.edges).toHaveLength(30);
    while (forms.pageInfo.hasNextPage) {
      forms = (await loadNext(environment, fragment, rootScope, 30)).forms;
    }
    expect(forms.edges.length).toBeGreaterThan(60);
    expect(new Set(idsOf(forms)).size).toBe(forms.totalCount);
    expect(forms.edges).toHaveLength(forms.totalCount);
    expect(complaints.mock.calls).toEqual([]);
  });
});

describe('issue 10: a Relay store reads one row', () => {
  /** The form that a fragment reads, and its name. */
  async function someForm(environment: Environment, email: string) {
    const { id } = (await answerTo('FormsListQuery', email, { count: 1 })).forms.edges[0].node;
    const { node } = await load(environment, await project.query('DetailsQuery'), { id });
    expect(node.__typename).toBe('Form');
    return { id, form: node.form };
  }

  it('anew by node, under the id that it has', async () => {
    const environment = await project.environmentOf(ALICE);
    const fragment = await project.fragment('Details_form');
    const { id, form } = await someForm(environment, ALICE);
    const before = read(environment, fragment, form);
    environment.commitUpdate((store) => void store.get(id)?.setValue('stale', 'name'));
    expect(read(environment, fragment, form).name).toBe('stale');
    expect(await refetch(environment, fragment, form)).toEqual(before);
    expect(before).toMatchObject({ id, canManage: true, accessLevel: 'AUTHENTICATED' });
    expect(before.owner).not.toBeNull();
    expect(complaints.mock.calls).toEqual([]);
  });

  it('and null, without an error, for what is withheld (D15)', async () => {
    const environment = await project.environmentOf(MIA);
    const fragment = await project.fragment('Details_form');
    const { form: reference } = await someForm(environment, MIA);
    const form = read(environment, fragment, reference);
    expect(form).toMatchObject({ canManage: false, accessLevel: null, owner: null });
    expect(await refetch(environment, fragment, reference)).toEqual(form);
    expect(complaints.mock.calls).toEqual([]);
  });

  it('and null for one that is hidden, or is not there (D14)', async () => {
    const { forms } = await answerTo('PlacesRowsQuery', ODIN, { everywhere: true });
    const known = idsOf((await answerTo('FormsListQuery', MIA, { count: 200 })).forms);
    const hidden = idsOf(forms).filter((id) => !known.includes(id));
    expect(hidden.length).toBeGreaterThan(0);
    const environment = await project.environmentOf(MIA);
    for (const id of [hidden[0], '01930000-0000-7000-8000-000000000000']) {
      expect(await load(environment, await project.query('DetailsQuery'), { id })).toEqual({
        node: null,
      });
    }
  });
});

it('what is written with Relay is in its store, and in the connection that it is appended to', async () => {
  const environment = await project.environmentOf(PIA);
  const query = await project.query('WrittenQuery');
  const variables = { contains: 'with Relay' };
  const { forms } = await load(environment, query, variables);
  expect(forms.edges).toEqual([]);
  const list = () => namesOf(kept(environment, query, variables).forms);
  const create = await project.query('FormsCreateMutation');
  const written = async () => {
    const input = { name: 'zz made with Relay' };
    const made = await write(environment, create, { input, connections: [forms.__id] });
    expect(list()).toEqual(['zz made with Relay']);
    const renamed = { id: made.createForm.form.id, name: 'zz renamed with Relay' };
    await write(environment, await project.query('WrittenRenameMutation'), { input: renamed });
    expect(list()).toEqual(['zz renamed with Relay']);
  };
  // The mutations themselves.
  expect(await requestsOf(written)).toBe(2);
  expect(complaints.mock.calls).toEqual([]);
});

/** Where two answers differ, as paths: whole answers are too long to read when they do. */
function differences(one: unknown, other: unknown, path = ''): string[] {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other ? [] : [`${path}: ${one}, not ${other}`];
  }
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) =>
    differences(Reflect.get(one, key), Reflect.get(other, key), `${path}/${key}`),
  );
}

describe('D1: no two objects share an id', () => {
  it.each([
    ['PlacesQuery', ODIN, true],
    ['PlacesQuery', ALICE, false],
    ['PlacesRowsQuery', ODIN, true],
    ['PlacesRowsQuery', ALICE, false],
  ])(
    'so what a Relay store has of %s for %s is what was answered',
    async (name, email, everywhere) => {
      const environment = await project.environmentOf(email);
      const kept = await load(environment, await project.query(name), { everywhere });
      const answered = await answerTo(name, email, { everywhere });
      expect(differences(kept, answered).slice(0, 9)).toEqual([]);
      expect(complaints.mock.calls).toEqual([]);
    },
  );
});

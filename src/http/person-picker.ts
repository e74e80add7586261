// What GraphiQL's page has besides GraphiQL where there are people to pick: a bar above it. Plain
// HTML, CSS and JavaScript, because it goes into a page that is made of text. The script is a file of its
// own: the page's policy runs none that stands in it.

const STYLE = `
  body { display: flex; flex-direction: column; height: 100vh; margin: 0; overflow: hidden; }
  #root { flex: 1; min-height: 0; }
  /* GraphiQL takes the whole window otherwise. */
  #root .graphiql-container { width: 100%; height: 100%; }
  #picker { display: flex; gap: 12px; align-items: baseline; padding: 8px 16px; font: 14px/1.5 system-ui, sans-serif;
    color: #3b4b68; background: #f2f4f8; border-bottom: 1px solid #d6dbe6; }
  #picker[hidden] { display: none; }
  #picker label { white-space: nowrap; font-weight: 600; }
  #picker select { font: inherit; margin-left: 6px; }
  @media (prefers-color-scheme: dark) {
    #picker { color: #b7c2d7; background: #1c2333; border-color: #33405a; }
    #picker select { color: inherit; background: #212a3b; }
  }
`;

// What is chosen is sent with every request of the page that has no authorization of its own, and asked
// for again after a reload; the token itself is kept nowhere.
const SCRIPT = `
  const bar = document.querySelector('#picker');
  const select = bar.querySelector('select');
  const about = bar.querySelector('output');
  const send = globalThis.fetch.bind(globalThis);
  let token = Promise.resolve(null);

  globalThis.fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const held = await token.catch(() => null);
    if (held !== null && !headers.has('authorization')) headers.set('authorization', 'Bearer ' + held);
    return send(input, { ...init, headers });
  };

  const KINDS = ['forms', 'workflows', 'agents', 'apps', 'configs'];
  const QUERY = '{ viewer { user { name email } organization { name } roles isPlatformAdmin }'
    + KINDS.map((kind) => ' ' + kind + ' { totalCount }').join('') + ' }';

  async function whoIs(held) {
    const response = await send(base + '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer ' + held },
      body: JSON.stringify({ query: QUERY }),
    });
    const { data, errors } = await response.json();
    if (!data || !data.viewer) return 'refused: ' + (errors ?? []).map(({ message }) => message).join('; ');
    const { user, organization, roles, isPlatformAdmin } = data.viewer;
    const holds = isPlatformAdmin ? 'platform admin' : roles.length > 0 ? roles.join(', ') : 'no role';
    const seen = KINDS.map((kind) => kind + ' ' + (data[kind]?.totalCount ?? 0)).join(', ');
    return user.email + ' of ' + organization.name + ' (' + holds + ') sees: ' + seen;
  }

  async function tokenOf(email) {
    const response = await send(base + '/people?email=' + encodeURIComponent(email), { method: 'POST' });
    if (!response.ok) throw new Error('no token: HTTP ' + response.status);
    return (await response.json()).token;
  }

  async function choose(email, what) {
    sessionStorage.setItem('heimdall:person', email);
    bar.title = what;
    about.value = '';
    token = email === '' ? Promise.resolve(null) : tokenOf(email);
    try {
      const held = await token;
      const told = held === null ? 'Nobody may look at the schema alone.' : await whoIs(held);
      // Somebody else may have been chosen meanwhile.
      if (select.value === email) about.value = told;
    } catch (error) {
      about.value = String(error.message ?? error);
    }
  }

  async function begin() {
    const response = await send(base + '/people');
    if (!response.ok) return;
    const { people } = await response.json();
    for (const { email, name, what } of people) {
      const option = new Option(name + ' (' + email + ')', email);
      option.title = what;
      select.append(option);
    }
    const chosen = () => choose(select.value, select.selectedOptions[0]?.title ?? '');
    select.addEventListener('change', chosen);
    const before = sessionStorage.getItem('heimdall:person') ?? '';
    if (people.some(({ email }) => email === before)) select.value = before;
    bar.hidden = false;
    await chosen();
  }
  begin().catch(() => {});
`;

const ROOT = '<div id="root"></div>';

/** The script of the bar, for a gateway whose paths begin so. */
export function pickerScript(pathPrefix: string): string {
  return `((base) => {${SCRIPT}})(${JSON.stringify(pathPrefix)});`;
}

/** GraphiQL's page with the bar above it, hidden until there are people to pick. */
export function withPersonPicker(page: string, script: string, nonce: string): string {
  const bar = `<style nonce="${nonce}">${STYLE}</style>
    <div id="picker" hidden>
      <label>You are<select><option value="">nobody</option></select></label>
      <output aria-live="polite"></output>
    </div>
    ${ROOT}
    <script src="${script}"></script>`;
  if (!page.includes(ROOT)) throw new Error('the page of GraphiQL has no root');
  return page.replace(ROOT, () => bar);
}

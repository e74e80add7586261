import { BadUserInputError, type Form, HeimdallClient } from '@heimdall/client';
import { HeimdallProvider, RequireRole, useUser } from '@heimdall/react';
import { StrictMode, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** Somebody of the demo world; your users come from your identity provider instead. */
interface Person {
  readonly email: string;
  readonly name: string;
  readonly what: string;
}

/** In development the gateway gives tokens of the demo world's people away; yours come from where your users sign in. */
async function tokenOf(email: string): Promise<string> {
  const response = await fetch(`/people?${new URLSearchParams({ email })}`, { method: 'POST' });
  return ((await response.json()) as { readonly token: string }).token;
}

/** Who one may be. */
function usePeople(): readonly Person[] {
  const [people, setPeople] = useState<readonly Person[]>([]);
  useEffect(() => {
    fetch('/people')
      .then((response) => response.json())
      .then((answer: { readonly people: readonly Person[] }) => setPeople(answer.people))
      .catch(() => setPeople([]));
  }, []);
  return people;
}

function App() {
  const people = usePeople();
  const [email, setEmail] = useState('');
  // Another person is another client: nothing is left of who was there before.
  const client = useMemo(
    () =>
      email === ''
        ? undefined
        : new HeimdallClient({ url: `${location.origin}/graphql`, token: () => tokenOf(email) }),
    [email],
  );
  return (
    <main>
      <label>
        You are{' '}
        <select value={email} onChange={({ target }) => setEmail(target.value)}>
          <option value="">nobody</option>
          {people.map((person) => (
            <option key={person.email} value={person.email}>
              {person.name}, {person.what}
            </option>
          ))}
        </select>
      </label>
      {client === undefined ? (
        <p>Choose who you are.</p>
      ) : (
        <HeimdallProvider key={email} client={client}>
          <Home client={client} />
        </HeimdallProvider>
      )}
    </main>
  );
}

function Home({ client }: { readonly client: HeimdallClient }) {
  const { name, roles, loading, error, can } = useUser();
  if (loading) return <p>…</p>;
  if (error !== undefined) return <p role="alert">{error.message}</p>;
  return (
    <>
      <h1>Hello, {name}</h1>
      <p>{roles.length === 0 ? 'You hold no role.' : `You hold ${roles.join(', ')}.`}</p>
      <RequireRole role="Owner">
        <p>The organization is yours.</p>
      </RequireRole>
      {can('create', 'form') && <button type="button">New form</button>}
      <Forms client={client} />
    </>
  );
}

function Forms({ client }: { readonly client: HeimdallClient }) {
  const [forms, setForms] = useState<readonly Form[]>([]);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const leaving = new AbortController();
    client.forms
      .list({ usable: true, first: 100, signal: leaving.signal })
      .then((page) => setForms(page.forms.filter(({ workflow }) => workflow !== null)))
      .catch((error: Error) => {
        if (!leaving.signal.aborted) setSaid(error.message);
      });
    return () => leaving.abort();
  }, [client]);

  // A page of yours asks for the values first; what is missing is said by the gateway.
  const submit = async ({ id, name }: Form) => {
    try {
      const execution = await client.submitForm(id, {});
      setSaid(`${name}: ${execution?.status ?? 'sent'}`);
    } catch (error) {
      const why =
        error instanceof BadUserInputError
          ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
          : (error as Error).message;
      setSaid(`${name}: ${why}`);
    }
  };
  return (
    <>
      <h2>Forms</h2>
      <p aria-live="polite">{said}</p>
      <ul>
        {forms.map((form) => (
          <li key={form.id}>
            {form.name}
            <button type="button" onClick={() => void submit(form)}>
              Submit
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

createRoot(document.querySelector('#root') as Element).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

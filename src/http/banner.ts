import type { DemoPerson } from './people.js';

/** What the start of the gateway tells a person who looks at the terminal. */
export interface Banner {
  readonly url: string;
  /** Some of the people of the demo world; empty where there is none, or they sign in elsewhere. */
  readonly people: readonly Pick<DemoPerson, 'email' | 'what'>[];
  /** How many more there are. */
  readonly more: number;
  /** Whether GraphiQL offers them. */
  readonly picker: boolean;
}

/** The banner's text: the address first, then who can be tried, in a line each. */
export function renderBanner({ url, people, more, picker }: Banner): string {
  const addresses = [`GraphiQL:  ${url}/graphql`, `health:    ${url}/health`];
  const [first] = people;
  if (first === undefined) return lines(addresses);
  const width = Math.max(...people.map(({ email }) => email.length));
  return lines([
    ...addresses,
    '',
    picker ? 'Choose at the top of GraphiQL who you are:' : 'In the demo world there are:',
    ...people.map(({ email, what }) => `  ${email.padEnd(width)}  ${what}`),
    ...(more > 0 ? [`  and ${more} more.`] : []),
    `For a token: npm run -s token -- --user ${first.email}`,
  ]);
}

const lines = (all: readonly string[]): string => ['', ...all, '', ''].join('\n');

/** One person of the demo world, and a token to act as them. */
export interface BannerPerson {
  readonly email: string;
  readonly what: string;
  readonly token: string;
}

/** What the start of the gateway tells a person who looks at the terminal. */
export interface Banner {
  readonly url: string;
  /** Empty where there is no demo world, or its people sign in elsewhere. */
  readonly people: readonly BannerPerson[];
  /** How long the tokens last. */
  readonly hours: number;
}

/**
 * The banner's text. Each token has a line of its own, to be copied whole; the URL comes last, where
 * it is still on the screen.
 */
export function renderBanner({ url, people, hours }: Banner): string {
  const width = Math.max(0, ...people.map(({ email }) => email.length));
  const rows = people.map(
    ({ email, what, token }) => `${email.padEnd(width)}  ${what}\n  ${token}\n`,
  );
  const table =
    people.length === 0
      ? []
      : [
          `${'who'.padEnd(width)}  what they are, and a token for ${hours} hours`,
          `${'-'.repeat(width)}  ${'-'.repeat(60)}`,
          ...rows,
          'Put a token into the headers of GraphiQL: {"authorization": "Bearer <token>"}',
          '',
        ];
  return ['', ...table, `GraphiQL:  ${url}/graphql`, `health:    ${url}/health`, '', ''].join('\n');
}

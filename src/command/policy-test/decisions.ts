// Asks a gateway what a file expects of it.
import { models } from '../../resources/decisions/models.js';
import { type Answered, type Call, codeOf } from './caller.js';
import type { Expectation, PolicyFile } from './policy-file.js';
import { AskError, FileError, type Problem } from './problem.js';
import type { Named, World } from './world.js';

/** How people ask: by a token of their own, or through the one who asks about others. */
export interface Asking {
  readonly call: Call;
  /** Null: they have none. */
  tokenOf(person: string): Promise<string | null>;
}

/** A question as `check` takes it. */
export interface Question {
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId?: string;
  readonly scope?: string | null;
  readonly attributes?: { readonly ownerId: string };
}

/** What came of an expectation. */
export interface Outcome {
  readonly expectation: Expectation;
  readonly question: Question;
  readonly answer: 'YES' | 'NO' | 'UNKNOWN';
  readonly reason: string;
  readonly holds: boolean;
}

type Decided = Pick<Outcome, 'answer' | 'reason'>;

/** So many at once: well within what a request may ask for. */
const BATCH = 200;

const CHECK_MANY = /* GraphQL */ `
  query PolicyTest($checks: [CheckInput!]!) { checkMany(checks: $checks) { answer reason } }
`;

/**
 * Asks for all that a file expects, each person for themselves where they can.
 *
 * @throws FileError a sentence names what is not there, or asks what the gateway does not decide
 * @throws AskError a token is refused, or the gateway does not answer
 */
export async function decideAll(
  file: PolicyFile,
  world: World,
  asking: Asking,
): Promise<Outcome[]> {
  const asked = await understood(file.expectations, world);
  const outcomes: Outcome[] = [];
  const problems: Problem[] = [];
  for (const [who, theirs] of byPerson(asked)) {
    for (let from = 0; from < theirs.length; from += BATCH) {
      const batch = theirs.slice(from, from + BATCH);
      const questions = batch.map(({ question }) => question);
      const decided = await decide(who, questions, world, asking);
      batch.forEach(({ expectation, question }, index) => {
        const one = decided[index];
        if (one === undefined) throw new AskError('the gateway left a question unanswered');
        if (typeof one === 'string') problems.push({ line: expectation.line, message: one });
        // INVARIANT: what cannot be told is neither permitted nor refused, and holds for nobody.
        else
          outcomes.push({
            expectation,
            question,
            ...one,
            holds: one.answer === (expectation.permitted ? 'YES' : 'NO'),
          });
      });
    }
  }
  if (problems.length > 0) throw new FileError(problems);
  return outcomes.sort((one, other) => one.expectation.line - other.expectation.line);
}

interface AskedOne {
  readonly expectation: Expectation;
  readonly question: Question;
}

async function understood(all: readonly Expectation[], world: World): Promise<AskedOne[]> {
  const problems: Problem[] = [];
  const asked: AskedOne[] = [];
  for (const expectation of all) {
    const question = world.person(expectation.who)
      ? await questionOf(expectation, world)
      : `there is nobody called ${expectation.who}`;
    if (typeof question === 'string') problems.push({ line: expectation.line, message: question });
    else asked.push({ expectation, question });
  }
  if (problems.length > 0) throw new FileError(problems);
  return asked;
}

/** A string says what of it is not there. */
async function questionOf(
  { sentence: { action, resourceType, name, at, owner } }: Expectation,
  world: World,
): Promise<Question | string> {
  const question = { action, resourceType };
  const scope = at === undefined ? undefined : world.place(at);
  if (at !== undefined && scope === undefined) {
    return `there is no place ${at}; if it belongs to the name, put that in quotes`;
  }
  const ownerId = owner === undefined ? undefined : world.person(owner)?.id;
  if (owner !== undefined && ownerId === undefined) return `there is nobody called ${owner}`;
  const said = {
    ...question,
    ...(scope === undefined ? {} : { scope }),
    ...(ownerId === undefined ? {} : { attributes: { ownerId } }),
  };
  if (name === undefined) return said;
  if (!models().has(resourceType)) return { ...said, resourceId: name };
  const found = await world.find(resourceType, name, at);
  const [one, another] = found;
  if (one === undefined) {
    return `there is no ${resourceType} called ${name}${at === undefined ? '' : ` at ${at}`}`;
  }
  if (another !== undefined) {
    return `there are several of the type ${resourceType} called ${name}, at ${placesOf(found)}: say which`;
  }
  // Where a row lives is known, and who may act there is decided by that.
  return { ...question, resourceId: one.id };
}

const placesOf = (found: readonly Named[]): string => found.map(({ at }) => at ?? '?').join(', ');

function byPerson(asked: readonly AskedOne[]): Map<string, AskedOne[]> {
  const people = new Map<string, AskedOne[]>();
  for (const one of asked) {
    const { who } = one.expectation;
    people.set(who, [...(people.get(who) ?? []), one]);
  }
  return people;
}

async function decide(
  who: string,
  questions: readonly Question[],
  world: World,
  asking: Asking,
): Promise<(Decided | string)[]> {
  const own = await asking.tokenOf(who);
  const token = own ?? (await askersToken(world, asking));
  const subject = own === null ? { subject: { userId: world.person(who)?.id } } : {};
  const checks = questions.map((question) => ({ ...question, ...subject }));
  const answered = await asking.call<{ checkMany: Decided[] }>(token, CHECK_MANY, { checks });
  const code = codeOf(answered);
  if (code === undefined && answered.data !== null) return answered.data.checkMany;
  if (code === 'UNAUTHENTICATED')
    return questions.map(() => refused(own === null ? world.asker : who, world));
  // One that is none refuses all of them: alone, each says what is wrong with it.
  if (questions.length > 1) {
    const each = [];
    for (const question of questions) each.push(...(await decide(who, [question], world, asking)));
    return each;
  }
  return [code === 'SCOPE_FORBIDDEN' ? ELSEWHERE : wrongWith(answered)];
}

/** The place is there: whoever looked it up found it. */
const ELSEWHERE: Decided = { answer: 'NO', reason: 'cannot act there (D4)' };

/** The token of the one who asks about others. Throws AskError: there is none. */
export async function askersToken(
  { asker }: Pick<World, 'asker'>,
  asking: Asking,
): Promise<string> {
  const token = await asking.tokenOf(asker);
  if (token === null) throw new AskError(`there is no token of ${asker}, who asks about others`);
  return token;
}

/** INVARIANT: a token that is wrong would refuse everything, and every `cannot` would hold. */
function refused(who: string, world: World): Decided {
  if (world.person(who)?.isInactive !== true)
    throw new AskError(`the gateway refuses the token of ${who}`);
  return { answer: 'NO', reason: 'may not act at all (D18)' };
}

function wrongWith({ errors }: Answered<unknown>): string {
  const [error] = errors;
  const code = error?.extensions?.code ?? 'ERROR';
  const message = `${code}: ${error?.message ?? 'no answer'}`;
  if (code === 'BAD_USER_INPUT') return message;
  throw new AskError(`the gateway answers ${message}`);
}

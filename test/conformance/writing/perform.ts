import { CATALOG } from '../catalog.js';
import { versionOf } from '../oracle/apply.js';
import { cover } from '../oracle/coverage.js';
import { type Asking, mayRead } from '../oracle/decide.js';
import { isRefused, type Outcome } from '../oracle/outcome.js';
import { personIn } from '../oracle/person.js';
import { Tree } from '../oracle/tree.js';
import { viewOf } from '../oracle/view.js';
import { decideWrite } from '../oracle/write.js';
import { expectSame } from '../questions/difference.js';
import { nameOf, type Session } from '../questions/session.js';
import type { Row, World } from '../world/types.js';
import { expectDenied, expectRecorded } from './audit.js';
import { expectDone, named } from './done.js';
import { expectGivesNothingAway } from './escalations.js';
import { expectSecretsKept } from './secrets.js';
import { type Answer, selectionOf, send } from './send.js';
import { differencesOf, type Ledger } from './snapshot.js';
import { expectSameAsAbsent } from './twin.js';
import { fieldOf, inputOf, isDeleting, tellsMany, type Write } from './write.js';

/** What came of a write on both sides. */
export interface Performed {
  /** The world after it. */
  readonly world: World;
  readonly answer: Answer;
  /** The ids that the gateway gave to new rows, in the order of the input. */
  readonly made: readonly string[];
}

/** Writes through the gateway, compares what came of it with the evaluator, and does the same to its world. */
export async function perform(session: Session, ledger: Ledger, write: Write): Promise<Performed> {
  const { asking } = session;
  const { world } = asking.tree;
  const title = titleOf(session, write);
  const outcome = decideWrite(asking, write);
  const answer = await send(session, write);
  const { before, after, entries } = await ledger.turn();
  const found = differencesOf(before, after);
  const kept = { after, answer, entries };
  const isLeft =
    !isRefused(outcome) && outcome.orForbidden === true && verdict(answer) === 'FORBIDDEN';
  expectSame(`${title}: permitted`, verdict(answer), expected(answer, outcome));
  cover(`§4 write: ${fieldOf(write)}`, !isRefused(outcome) && !isLeft);
  if (isRefused(outcome) || isLeft) {
    expectSame(`${title}: what was refused changed nothing`, found, []);
    expectSame(
      `${title}: one error, and its path`,
      answer.errors.map(({ path }) => path),
      [[fieldOf(write)]],
    );
    expectDenied(title, session, write, answer, entries);
    await expectSameAsAbsent(title, { session, ledger, write, answer, entries });
    expectSecretsKept(title, { ...kept, write, worlds: [world] });
    return { world, answer, made: [] };
  }
  const { world: written, rows, made, told } = named(outcome, before, after);
  expectDone(title, { tree: new Tree(written), rows, before, after, found });
  expectRecorded(title, session, rows, entries, after);
  expectGivesNothingAway(title, asking, written, write, rows);
  expectSecretsKept(title, { ...kept, write, worlds: [world, written] });
  const { payload, withheld } = shown(session, write, written, told);
  const value = write.kind === 'reveal' ? { value: rows[0]?.told } : {};
  const expectedPayload = { payload: { ...value, ...payload }, withheld };
  expectSame(`${title}: the payload`, seen(answer), expectedPayload);
  return { world: written, answer, made };
}

function titleOf({ seat }: Session, write: Write): string {
  const at = seat.header === undefined ? '' : ` at ${seat.header}`;
  return `${fieldOf(write)} ${JSON.stringify(inputOf(write))} by ${nameOf(seat)}${at}`;
}

const verdict = ({ errors }: Answer): string => errors[0]?.code ?? 'done';

/** Where several rules refuse, any of them may be told. */
function expected(answer: Answer, outcome: Outcome): string {
  const said = verdict(answer);
  if (!isRefused(outcome)) {
    return outcome.orForbidden === true && said === 'FORBIDDEN' ? said : 'done';
  }
  return outcome.refused.includes(said) ? said : outcome.refused.join(' or ');
}

const seen = ({ payload, withheld }: Answer) => ({ payload, withheld });

/** The payload as who wrote sees it: by what they may after it (D15). */
function shown(session: Session, write: Write, world: World, ids: readonly string[]) {
  const asking = askingIn(session, world);
  const { one, many } = CATALOG[write.type];
  const last = (id: string | undefined): Row | undefined =>
    world.rows.find((row) => row.type === write.type && row.id === id);
  const readable = (id: string | undefined): Row | null => {
    const row = last(id);
    const reads = row !== undefined && asking !== null && mayRead(asking, row);
    return cover('D15 write: who wrote it still sees it', reads) && row !== undefined ? row : null;
  };
  if (isDeleting(write)) return { payload: { deletedId: ids[0] }, withheld: [] };
  if (tellsMany(write)) {
    const payload =
      write.kind === 'batch' && write.of === 'delete'
        ? { deletedIds: ids }
        : {
            [many]: ids.map((id) => {
              const row = readable(id);
              return row === null ? null : { id: row.id, version: row.version };
            }),
          };
    return { payload, withheld: [] };
  }
  const row = readable(ids[0]);
  if (row === null || asking === null) return { payload: { [one]: null }, withheld: [] };
  const { version: _, ...selection } = selectionOf(write.type);
  const view = viewOf(asking, row, selection);
  return {
    payload: { [one]: { ...view.data, version: versionOf(row) } },
    withheld: [...view.withheld].sort(),
  };
}

/** The same person as they are in another world; null: they may not act there. */
function askingIn({ seat, asking }: Session, world: World): Asking | null {
  const person = personIn(world, seat);
  return person === null ? null : { tree: new Tree(world), person, place: asking.place };
}

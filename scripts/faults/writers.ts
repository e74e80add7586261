import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Asked, Outcome } from './ask.js';
import type { Ledger } from './ledger.js';
import type { Counter, Planted } from './world.js';

/** Sends one operation to whichever gateway it is the turn of. */
export type Send = (asked: Asked) => Promise<Outcome>;

/** Does the next of its writes, one at a time; what came of it is for who counts. */
export type Writer = (send: Send) => Promise<Outcome>;

const UPDATE =
  'mutation ($input: UpdateConfigInput!) { updateConfig(input: $input) { config { value } } }';
const CREATE =
  'mutation ($input: CreateFormInput!) { createForm(input: $input) { form { name } } }';
const assigning = (name: string) =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { membership { id } } }`;

/** Whoever writes in the world: all of it is found again by {@link Ledger} and the registers. */
export function writers(planted: Planted, ledger: Ledger): Writer[] {
  return [
    ...planted.counters.map((counter) => counts(planted, counter)),
    creates(planted, ledger),
    createsOnce(planted, ledger),
    gives(planted),
  ];
}

/** Sets a config to one more each time. */
function counts({ tokens }: Planted, { id, value }: Counter): Writer {
  let next = 1;
  return (send) => {
    const set = String(next++);
    const variables = { input: { id, value: set } };
    return value.write(set, () => send({ token: tokens.will, query: UPDATE, variables }));
  };
}

/** Makes a form each time, and asks no second time. */
function creates({ tokens }: Planted, ledger: Ledger): Writer {
  return async (send) => {
    const name = `plain ${randomUUID()}`;
    const outcome = await send({
      token: tokens.will,
      query: CREATE,
      variables: { input: { name } },
    });
    ledger.plain(name, outcome);
    return outcome;
  };
}

const AGAIN_MS = 100;

/** Makes a form each time, and asks again with its key until it is answered. */
function createsOnce({ tokens }: Planted, ledger: Ledger): Writer {
  let left: { readonly name: string; readonly key: string } | undefined;
  return async (send) => {
    left ??= { name: `once ${randomUUID()}`, key: randomUUID() };
    const { name, key } = left;
    const outcome = await send({
      token: tokens.will,
      query: CREATE,
      variables: { input: { name } },
      key,
    });
    ledger.once(name, outcome);
    if (outcome.kind === 'answered') left = undefined;
    else await sleep(AGAIN_MS);
    return outcome;
  };
}

/** Gives Bob the role and takes it away again, whatever came of the last time. */
function gives({ tokens, membership, role, isGiven }: Planted): Writer {
  let turn = false;
  return (send) => {
    turn = !turn;
    const query = assigning(turn ? 'assignRoles' : 'unassignRoles');
    const variables = { input: { id: membership, roles: [role] } };
    return isGiven.write(turn, () => send({ token: tokens.olga, query, variables }));
  };
}

/** Runs work one at a time, in the order in which it is given; one that fails holds up none. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function takingTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

const turnsOf = new WeakMap<object, Turns>();

/** Has what reads contents run one after another in a request, however many fields ask for it. */
export function inTurn<T>(request: object, work: () => Promise<T>): Promise<T> {
  const turns = turnsOf.get(request) ?? takingTurns();
  turnsOf.set(request, turns);
  return turns(work);
}

const last = new WeakMap<object, Promise<unknown>>();

/** Has what reads contents run one after another in a request, however many fields ask for it. */
export function inTurn<T>(request: object, work: () => Promise<T>): Promise<T> {
  const turn = (last.get(request) ?? Promise.resolve()).then(work);
  last.set(
    request,
    turn.catch(() => {}),
  );
  return turn;
}

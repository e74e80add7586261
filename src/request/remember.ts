/** Makes each answer once. With `nameOf`, keys of one name are one. */
export function remember<Key extends object, Answer>(
  make: (key: Key) => Answer,
): (key: Key) => Answer;
export function remember<Key, Answer>(
  make: (key: Key) => Answer,
  nameOf: (key: Key) => string,
): (key: Key) => Answer;
export function remember<Key, Answer>(
  make: (key: Key) => Answer,
  nameOf: (key: Key) => unknown = (key) => key,
): (key: Key) => Answer {
  const known = new Map<unknown, Answer>();
  return (key) => {
    const name = nameOf(key);
    const answer = known.get(name) ?? make(key);
    known.set(name, answer);
    return answer;
  };
}

/** Makes one answer, when it is first asked for. */
export function once<Answer extends object>(make: () => Answer): () => Answer {
  let known: Answer | undefined;
  return () => {
    known ??= make();
    return known;
  };
}

// Reads a file of policy tests: its shape first, then whether everything that it names is there.
import type { z } from 'zod';
import { models } from '../../resources/decisions/models.js';
import { policies } from '../../schema.js';
import { FileError, type Problem } from './problem.js';
import { readSentence, type Sentence } from './sentence.js';
import { entry, policyFile, type Shape } from './shape.js';
import { type Path, readSource } from './source.js';
import { checkWorld } from './world-references.js';
import type { Complain } from './world-tree.js';

/** One expectation about one person. */
export interface Expectation {
  readonly line: number;
  readonly who: string;
  readonly permitted: boolean;
  readonly said: string;
  readonly sentence: Sentence;
  /** In the words of whoever wrote it. */
  readonly because: string | undefined;
}

export interface PolicyFile {
  readonly shape: Shape;
  readonly expectations: readonly Expectation[];
  /** Throws FileError: something is wrong at a place of the file. */
  fail(path: Path, message: string): never;
}

/** Reads a file. Throws FileError with everything that is wrong with it. */
export function readPolicyFile(text: string): PolicyFile {
  const source = readSource(text);
  const read = policyFile.safeParse(source.data);
  if (!read.success) {
    throw new FileError(
      issuesOf(read.error.issues).map(({ path, message }) => ({
        line: source.lineOf(path),
        message: path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
      })),
    );
  }
  const { data: shape } = read;
  const problems: Problem[] = [];
  const complain: Complain = (path, message) => {
    problems.push({ line: source.lineOf(path), message });
  };
  if (typeof shape.world === 'object') checkWorld(shape.world, shape.services, complain);
  const { gateway } = shape;
  if (gateway !== undefined && !Object.hasOwn(gateway.people, gateway.asker)) {
    complain(['gateway', 'asker'], `there is nobody called ${gateway.asker}`);
  }
  checkPeople(shape, complain);
  const expectations = expectationsOf(shape, (path) => source.lineOf(path), complain);
  if (problems.length > 0) throw new FileError(problems);
  return {
    shape,
    expectations,
    fail(path, message) {
      throw new FileError([{ line: source.lineOf(path), message }]);
    },
  };
}

/** Whoever is expected to do something is in the file, unless the world is the demo's. */
function checkPeople({ world, gateway, expect }: Shape, complain: Complain): void {
  const people = gateway?.people ?? (typeof world === 'object' ? world.people : undefined);
  if (people === undefined) return;
  expect.forEach(({ who }, index) => {
    for (const one of who) {
      if (!Object.hasOwn(people, one)) {
        complain(['expect', index, 'who'], `there is nobody called ${one}`);
      }
    }
  });
}

function expectationsOf(
  { expect, services }: Shape,
  lineOf: (path: Path) => number,
  complain: Complain,
): Expectation[] {
  return expect.flatMap(({ who, because, ...sentences }, index) =>
    (['can', 'cannot'] as const).flatMap((verb) =>
      (sentences[verb] ?? []).flatMap((said, nth) => {
        const path = ['expect', index, verb, nth];
        const sentence = readSentence(said);
        const wrong = typeof sentence === 'string' ? sentence : mistakeIn(sentence, services);
        if (typeof sentence === 'string' || wrong !== undefined) {
          complain(path, `${JSON.stringify(said)}: ${wrong}`);
          return [];
        }
        const line = lineOf(path);
        const permitted = verb === 'can';
        return who.map((person) => ({ line, who: person, permitted, said, sentence, because }));
      }),
    ),
  );
}

/**
 * What no gateway could answer of a sentence. INVARIANT: an action or a type that nobody knows is one of these: to ask
 * for it would be answered no, and `cannot` would hold of it for ever.
 */
function mistakeIn(
  { action, resourceType, name, at, owner }: Sentence,
  services: Shape['services'],
): string | undefined {
  const model = models().get(resourceType);
  const own = model === undefined ? undefined : policies.get(model);
  const known = own === undefined ? entry(services, resourceType) : Object.keys(own.actions);
  if (known === undefined) {
    const types = [...models().keys(), ...Object.keys(services)].join(', ');
    return `there is no type of resource ${resourceType}: there are ${types}; those of other services are listed under services`;
  }
  if (!known.includes(action))
    return `a ${resourceType} has no such action: it has ${known.join(', ')}`;
  if (own === undefined) {
    if (name === undefined || at === undefined)
      return 'of another service, say which and where: <name> at <place>';
    return undefined;
  }
  if (name === undefined && at === undefined) return 'say where: at <place>, or which one';
  if (action === 'create' && name !== undefined)
    return 'what is to be made has no name yet: say where alone';
  if (name !== undefined && owner !== undefined)
    return `whose a ${resourceType} is is known: leave out "owned by"`;
  return undefined;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Each key that nobody knows at its own line; of a choice, what is wrong with the one that was meant. */
function issuesOf(issues: readonly z.core.$ZodIssue[]): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: 'there is no such key' }));
    }
    if (issue.code === 'invalid_key') {
      return [{ path, message: issue.issues[0]?.message ?? message }];
    }
    if (issue.code === 'invalid_union') {
      const meant = issue.errors.find((of) =>
        of.every((one) => one.path.length > 0 || one.code === 'unrecognized_keys'),
      );
      if (meant !== undefined && meant.length > 0) {
        return issuesOf(meant.map((one) => ({ ...one, path: [...path, ...one.path] })));
      }
    }
    return [{ path, message }];
  });
}

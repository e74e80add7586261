import { issue } from '../../commands/checks/check.js';
import { json } from '../../commands/checks/json.js';
import { badInput, type Issue } from '../../errors.js';
import type { Failure } from '../../execution/finish.js';
import type { Beat } from '../../execution/heartbeat.js';
import type { Line } from '../../execution/logs.js';
import { LOG_LEVELS } from '../../policy/vocabulary.js';
import { isMoment } from '../../query/moment.js';
import { isText } from '../../query/text.js';

type Input = Readonly<Record<string, unknown>>;

const KIB = 1_024;
const RESULT_BYTES = 1_024 * KIB;
const DETAIL_BYTES = 64 * KIB;
const PROGRESS_BYTES = 8 * KIB;
const LINE_BYTES = 8 * KIB;
const LINES = 500;
const BEATS = 100;
const QUEUES = 20;

/** Throws BAD_USER_INPUT with all that is wrong. */
function assertRight(issues: readonly Issue[]): void {
  if (issues.length > 0) throw badInput(issues);
}

const within = (path: Issue['path'], issues: readonly Issue[]): Issue[] =>
  issues.map((one) => ({ ...one, path: [...path, ...one.path] }));

const between = (input: Input, name: string, least: number, most: number): Issue[] => {
  const value = Number(input[name]);
  return value >= least && value <= most ? [] : [issue(`it is ${least} to ${most}`, name)];
};

/** What a worker asks for; D34 says how much. */
export function claimIn(input: Input) {
  const queues = (input.queues as readonly string[] | null | undefined) ?? ['default'];
  assertRight([
    ...between(input, 'max', 1, 50),
    ...between(input, 'leaseSeconds', 15, 300),
    ...between(input, 'wait', 0, 20),
    ...(queues.length >= 1 && queues.length <= QUEUES
      ? []
      : [issue(`there are 1 to ${QUEUES} queues`, 'queues')]),
    ...queues.flatMap((queue, index) => within(['queues', index], textIssues(queue, 100))),
  ]);
  return {
    queues: [...new Set(queues)],
    max: Number(input.max),
    leaseSeconds: Number(input.leaseSeconds),
    waitMs: Number(input.wait) * 1_000,
  };
}

export function beatsIn({ executions }: Input): Beat[] {
  const beats = executions as readonly Input[];
  assertRight([
    ...(beats.length <= BEATS ? [] : [issue(`there are at most ${BEATS}`, 'executions')]),
    ...beats.flatMap(({ progress }, index) =>
      within(
        ['executions', index, 'progress'],
        progress == null ? [] : json(PROGRESS_BYTES)(progress),
      ),
    ),
  ]);
  return beats.map(({ id, leaseToken, progress }) => ({
    id: String(id),
    leaseToken: String(leaseToken),
    ...(progress == null ? {} : { progress }),
  }));
}

export function linesIn({ lines: given }: Input): Line[] {
  const lines = given as readonly Input[];
  const issuesOf = ({ seq, level, message, data, at }: Input): Issue[] => [
    ...(Number(seq) >= 0 && Number(seq) < 2_147_483_647 ? [] : [issue('it is 0 or more', 'seq')]),
    ...((LOG_LEVELS as readonly unknown[]).includes(level)
      ? []
      : [issue(`it is one of ${LOG_LEVELS.join(', ')}`, 'level')]),
    ...(isMoment(at as Date) ? [] : [issue('it is of the years 1 to 9999', 'at')]),
    ...within(['message'], textIssues(String(message), LINE_BYTES)),
    ...within(['data'], data == null ? [] : json(LINE_BYTES)(data)),
    ...(bytesOf(message) + bytesOf(data) <= LINE_BYTES + 2
      ? []
      : [issue(`a line has at most ${LINE_BYTES} bytes`)]),
  ];
  const places = lines.map(({ seq }) => seq);
  assertRight([
    ...(lines.length <= LINES ? [] : [issue(`there are at most ${LINES} at once`, 'lines')]),
    ...(new Set(places).size === places.length ? [] : [issue('two have one place', 'lines')]),
    ...lines.slice(0, LINES).flatMap((line, index) => within(['lines', index], issuesOf(line))),
  ]);
  return lines.map(({ seq, level, message, data, at }) => ({
    seq: Number(seq),
    level: String(level),
    message: String(message),
    ...(data == null ? {} : { data }),
    at: (at as Date).toISOString(),
  }));
}

export function resultIn({ result }: Input): unknown {
  assertRight(within(['result'], json(RESULT_BYTES)(result ?? null)));
  return result ?? null;
}

export function failureIn({ code, message, detail, retryable }: Input): Failure {
  const known = /^[A-Z][A-Z0-9_]{0,99}$/.test(String(code));
  assertRight([
    ...(known ? [] : [issue('a code is A-Z, 0-9 and _, at most 100 characters', 'code')]),
    ...within(['message'], textIssues(String(message), 8 * KIB)),
    ...within(['detail'], detail == null ? [] : json(DETAIL_BYTES)(detail)),
  ]);
  return {
    code: String(code),
    message: String(message),
    ...{ detail: detail ?? undefined, retryable: retryable === true },
  };
}

function textIssues(text: string, bytes: number): Issue[] {
  if (!isText(text)) return [issue('it is no Unicode text')];
  return Buffer.byteLength(text) > bytes ? [issue(`it has more than ${bytes} bytes`)] : [];
}

const bytesOf = (value: unknown): number =>
  value == null ? 0 : Buffer.byteLength(JSON.stringify(value));

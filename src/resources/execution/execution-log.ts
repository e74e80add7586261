import { open, related, shown } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { allOf, anyOf, never, says, via } from '../../policy/predicate.js';
import { LOG_LEVELS } from '../../policy/vocabulary.js';

const partOnly = never('it is a part of its execution');

/** D31: of what they launched themselves people see what is no debugging; inspectors see all. */
export const executionLog = resource('ExecutionLog', {
  resource: 'execution',
  part: true,
  noun: 'line',
  description: 'A line that the worker of an execution wrote.',
  columns: {
    id: open('A UUID, unique among all resources.', { sort: true }),
    attempt: open('In which try it was written.', { sort: true }),
    seq: open('Its place among the lines of the try, as its worker counts.', { sort: true }),
    level: open('How grave it is.', { values: LOG_LEVELS }),
    message: shown('What it says.'),
    data: shown('What it says besides.'),
    at: open('When it was written, by the clock of its worker.', { sort: true }),
  },
  relations: { execution: related('The execution that it is of.', { filter: false }) },
  actions: {
    read: anyOf(
      allOf(
        via('execution', 'launched'),
        anyOf(says('level', 'INFO'), says('level', 'WARN'), says('level', 'ERROR')),
      ),
      via('execution', 'inspect'),
    ),
    inspect: partOnly,
    cancel: partOnly,
    work: partOnly,
  },
});

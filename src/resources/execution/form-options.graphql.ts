import { conflict } from '../../errors.js';
import { formFieldOptions } from '../../execution/form-field-options.js';
import { builder } from '../../graphql/builder.js';
import { scopeField } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { oneOf } from '../../query/filter.js';
import type { Context } from '../../request/context.js';
import { isPermitted } from '../../request/loaders.js';
import { execution } from './execution.js';
import { type FieldOption, optionsIn } from './field-options.js';
import { assertNoModel, scopeIn, waitingUpTo } from './waiting.js';

/** D27: so long options are waited for, in seconds. */
const MOST_SECONDS = 10;

const FormFieldOption = builder.objectRef<FieldOption>('FormFieldOption').implement({
  description: 'What can be chosen in a field of a form, as its data provider says (D27).',
  authScopes: { signedIn: true },
  fields: (t) => ({
    value: t.expose('value', {
      type: 'JSON',
      nullable: false,
      description: 'What is submitted where it is chosen: a text or a number.',
    }),
    label: t.exposeString('label', { nullable: false, description: 'What people are shown.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What else people are told of it.',
    }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description: 'What the page is told of it.',
    }),
  }),
});

const wait = waitingUpTo(MOST_SECONDS, MOST_SECONDS);

defineMutation('formFieldOptions', {
  resource: execution,
  action: 'launch',
  description:
    "Asks the data provider of a form's field for its options (D27), or answers what it answered you lately. Form and provider must both be yours to use.",
  shown: 'row',
  fields: (t) => ({
    form: t.id({ required: true, description: 'The form.' }),
    field: t.string({ required: true, description: 'The name of the field.' }),
    inputs: t.field({
      type: 'JSON',
      required: false,
      description:
        'What is filled in so far, by the names of the fields that the provider is asked with; others are refused.',
    }),
    ...scopeField(t),
    ...wait.field(t),
  }),
  run: async (session, input) => {
    assertNoModel(session);
    wait.secondsOf(input);
    const { form, field, inputs } = input;
    const scope = scopeIn(input);
    return [
      await formFieldOptions(session, { form: String(form), field: String(field), inputs, scope }),
    ];
  },
  afterwards: wait.afterwards,
  answers: {
    name: 'options',
    items: FormFieldOption,
    description:
      'What can be chosen; null: the execution has not ended yet, and the same is to be asked again.',
    resolve: optionsOf,
  },
});

/** INVARIANT: to who may see what the execution answered, and nobody else: its launcher (D31). */
async function optionsOf(id: string, context: Context): Promise<readonly FieldOption[] | null> {
  const row = await context.readerAt(context.place).first({
    model: 'Execution',
    where: oneOf('id', [id]),
    select: { columns: 'unsealed' },
  });
  if (row === null || !(await isPermitted('Execution', 'launched', row, context))) return null;
  if (row.finishedAt === null) return null;
  if (row.status !== 'SUCCEEDED') throw conflict('the data provider did not succeed');
  const options = optionsIn(row.result);
  if (options === undefined) throw conflict('what the data provider answered are no options');
  return options;
}

import { reason } from '../../commands/checks/text.js';
import { badInput, type Issue } from '../../errors.js';
import { appendMessage } from '../../execution/conversations/append-message.js';
import { callTool } from '../../execution/conversations/call-tool.js';
import { createConversation } from '../../execution/conversations/create-conversation.js';
import { delegate } from '../../execution/conversations/delegate.js';
import { inspectConversation } from '../../execution/conversations/inspect-conversation.js';
import { sendMessage } from '../../execution/conversations/send-message.js';
import { scopeField } from '../../graphql/define-commands.js';
import { defineMutation } from '../../graphql/define-mutation.js';
import { defineRoots } from '../../graphql/define-roots.js';
import { defineType } from '../../graphql/define-type.js';
import { enumOf } from '../../graphql/enums.js';
import { MESSAGE_ROLES } from '../../policy/vocabulary.js';
import { execution } from '../execution/execution.js';
import { conversation, message } from './conversation.js';

defineType(message, (t) => ({
  seq: t.column('seq'),
  role: t.column('role'),
  content: t.column('content'),
  toolCall: t.column('toolCall'),
  createdAt: t.column('createdAt'),
  conversation: t.one('conversation'),
  execution: t.one('execution'),
}));

defineType(conversation, (t) => ({
  ...t.traits(),
  title: t.column('title'),
  agent: t.one('agent'),
  messages: t.many('messages'),
  executions: t.many('executions'),
}));

defineRoots(conversation);

defineMutation('createConversation', {
  resource: conversation,
  action: 'create',
  description: 'Begins a conversation with an agent that is yours to use (D35).',
  shown: 'row',
  fields: (t) => ({
    agent: t.id({ required: true, description: 'The agent.' }),
    title: t.string({ required: false, description: 'What it is called.' }),
    ...scopeField(t),
  }),
  run: async (session, { agent, title, scope }) => [
    await createConversation(session, {
      agent: String(agent),
      title: (title as string | null | undefined) ?? null,
      scope: scope as string | null | undefined,
    }),
  ],
});

defineMutation('sendMessage', {
  resource: message,
  action: 'send',
  description:
    'Says something to the agent of a conversation of yours, and launches the run that answers (D35); CONFLICT while another one runs. Whether you may use the agent is decided for every message.',
  shown: 'row',
  fields: (t) => ({
    conversation: t.id({ required: true, description: 'The conversation.' }),
    content: t.string({ required: true, description: 'What you say: at most 64 KiB.' }),
  }),
  run: async (session, input) => [
    await sendMessage(session, String(input.conversation), String(input.content)),
  ],
});

defineMutation('appendMessage', {
  resource: message,
  action: 'append',
  description:
    'Says something in the conversation that a run answers in. For the worker of the run, by its token.',
  shown: 'row',
  fields: (t) => ({
    role: t.field({
      type: enumOf(MESSAGE_ROLES),
      required: true,
      description: 'ASSISTANT, or TOOL.',
    }),
    content: t.string({ required: true, description: 'What is said: at most 64 KiB.' }),
    toolCall: t.field({
      type: 'JSON',
      required: false,
      description: 'Which tool is called, or answers: an object of at most 64 KiB.',
    }),
  }),
  run: async (session, { role, content, toolCall }) => [
    await appendMessage(session, {
      role: String(role),
      content: String(content),
      toolCall: toolCall ?? null,
    }),
  ],
});

defineMutation('callTool', {
  resource: execution,
  action: 'callTool',
  description:
    'Launches a tool of the agent that runs, as its child (D33): it must still be one, and its launcher’s to use. For the worker of the run, by its token.',
  shown: 'row',
  fields: (t) => ({
    workflow: t.id({ required: true, description: 'The workflow.' }),
    input: t.field({ type: 'JSON', required: false, description: 'Its parameters.' }),
  }),
  run: async (session, { workflow, input }) => [await callTool(session, String(workflow), input)],
});

defineMutation('delegate', {
  resource: execution,
  action: 'delegate',
  description:
    'Launches a delegate of the agent that runs, as its child (D13): LIMIT_EXCEEDED beyond five. For the worker of the run, by its token.',
  shown: 'row',
  fields: (t) => ({
    agent: t.id({ required: true, description: 'The delegate.' }),
    task: t.string({ required: true, description: 'What it is to do: at most 64 KiB.' }),
  }),
  run: async (session, { agent, task }) => [await delegate(session, String(agent), String(task))],
});

defineMutation('inspectConversation', {
  resource: conversation,
  action: 'inspect',
  description:
    'Tells what was said in a conversation of somebody else (D35); needs the permission to inspect it, and is recorded with the reason.',
  shown: 'row',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The conversation.' }),
    reason: t.string({ required: true, description: 'Why, for whoever reads the record.' }),
  }),
  tells: {
    name: 'messages',
    type: 'JSON',
    description:
      'The last thousand messages, in their order: seq, role, content, toolCall, createdAt. Told once: who asks again with the same Idempotency-Key is answered null.',
  },
  run: async (session, input, tell) => {
    const { row, messages } = await inspectConversation(session, String(input.id), because(input));
    tell(messages);
    return [row];
  },
});

function because({ reason: said }: Readonly<Record<string, unknown>>): string {
  const text = String(said).trim();
  const issues: readonly Issue[] = [
    ...reason(text),
    ...(text === '' ? [{ path: [], message: 'it is empty' }] : []),
    ...(text.length > 500 ? [{ path: [], message: 'it has more than 500 characters' }] : []),
  ];
  if (issues.length === 0) return text;
  throw badInput(issues.map((one) => ({ ...one, path: ['reason', ...one.path] })));
}

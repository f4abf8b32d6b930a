// An ordinary Bolt app, as Slack's own documentation writes them; only the address differs. Each line on stdout says what it saw.
import bolt from '@slack/bolt';

const { App, SocketModeReceiver, Assistant, LogLevel } = bolt;
const slackApiUrl = process.env.SLACK_API_URL;
const receiver = new SocketModeReceiver({ appToken: process.env.SLACK_APP_TOKEN, logLevel: LogLevel.ERROR, installerOptions: { clientOptions: { slackApiUrl } } });
const app = new App({ token: process.env.SLACK_BOT_TOKEN, receiver, logLevel: LogLevel.ERROR, clientOptions: { slackApiUrl } });
const tell = (what, more) => console.log(JSON.stringify({ what, ...more }));

const modal = (title, extra = {}) => ({
  type: 'modal', callback_id: 'form', title: { type: 'plain_text', text: title }, submit: { type: 'plain_text', text: 'Go' }, notify_on_close: true, ...extra,
  blocks: [
    { type: 'input', block_id: 'b', label: { type: 'plain_text', text: 'What next' }, element: { type: 'plain_text_input', action_id: 'a' } },
    { type: 'input', block_id: 'x', optional: true, label: { type: 'plain_text', text: 'From outside' }, element: { type: 'external_select', action_id: 'ext', min_query_length: 0 } },
  ],
});

app.command('/llm-advise', async ({ command, ack, respond, client }) => {
  switch (command.text) {
    case 'payload': await ack('from the acknowledgement'); return;
    case 'modal': await ack(); await client.views.open({ trigger_id: command.trigger_id, view: modal('First') }); return;
    case 'twice': {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: modal('First') });
      await client.views.open({ trigger_id: command.trigger_id, view: modal('Second') }).catch((e) => tell('error', { code: e.data.error }));
      return;
    }
    case 'buttons': await ack(); await respond({
      text: 'press', blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: 'Press *one*' } },
        { type: 'actions', elements: [
          { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' }, value: 'v' },
          { type: 'static_select', action_id: 'pick', options: ['red', 'blue'].map((v) => ({ text: { type: 'plain_text', text: v }, value: v })) },
        ] },
      ],
    }); return;
    default: await ack(); await respond({ text: `heard ${command.text}`, response_type: 'in_channel' });
  }
});

app.event('app_mention', async ({ event, say, context }) => {
  tell('mention', { retry: context.retryNum ?? 0, ts: event.ts });
  await say({ text: `hello <@${event.user}>`, thread_ts: event.ts });
});

app.message('stream', async ({ message, client, context }) => {
  const s = client.chatStream({ channel: message.channel, thread_ts: message.ts, recipient_team_id: context.teamId, recipient_user_id: message.user, buffer_size: 16 });
  for (const word of ['The ', 'answer, ', 'written ', 'bit by bit, ', 'is **here**.']) await s.append({ markdown_text: word });
  await s.stop({ blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: 'the end' }] }] });
});

app.message('bad blocks', async ({ client, message }) => {
  await client.chat.postMessage({ channel: message.channel, text: 'x', blocks: [{ type: 'header', text: { type: 'plain_text', text: 'h'.repeat(151) } }] })
    .catch((e) => tell('error', { code: e.data.error, messages: e.data.response_metadata.messages }));
});

app.message('upload', async ({ client, message }) => {
  await client.filesUploadV2({ channel_id: message.channel, filename: 'prices.csv', content: 'model,usd\nx,1\n', initial_comment: 'the file' });
});

app.message('history', async ({ client, message }) => {
  const names = [];
  for await (const page of client.paginate('users.list', { limit: 2 })) names.push(...page.members.map((m) => m.name));
  const thread = await client.conversations.replies({ channel: message.channel, ts: message.ts });
  await client.reactions.add({ channel: message.channel, timestamp: message.ts, name: 'eyes' });
  tell('history', { names, replies: thread.messages.length });
});

app.action('go', async ({ ack, respond, action }) => { await ack(); await respond({ replace_original: true, text: `went ${action.value}` }); });
app.action('pick', async ({ ack, action, body, client }) => {
  await ack();
  await client.chat.postMessage({ channel: body.channel.id, text: `picked ${action.selected_option.value}` });
});
app.options('ext', async ({ ack, payload }) => { await ack({ options: [{ text: { type: 'plain_text', text: 'for ' + payload.value }, value: 'o1' }] }); });

app.view({ callback_id: 'form', type: 'view_submission' }, async ({ ack, view, body, client }) => {
  const next = view.state.values.b.a.value;
  tell('submitted', { next, ext: view.state.values.x.ext.selected_option?.value ?? null });
  if (next === 'errors') await ack({ response_action: 'errors', errors: { b: 'no' } });
  else if (next === 'update') await ack({ response_action: 'update', view: modal('Updated') });
  else if (next === 'push') await ack({ response_action: 'push', view: modal('Pushed') });
  else if (next === 'clear') await ack({ response_action: 'clear' });
  else await ack();
  if (next === 'clear') await client.chat.postMessage({ channel: body.user.id, text: 'all cleared' });
});
app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => { await ack(); tell('closed', { cleared: body.is_cleared }); });
app.shortcut('global_one', async ({ ack, shortcut, client }) => { await ack(); await client.views.open({ trigger_id: shortcut.trigger_id, view: modal('Global') }); });
app.shortcut({ callback_id: 'message_one', type: 'message_action' }, async ({ ack, shortcut, respond }) => { await ack(); await respond(`about: ${shortcut.message.text}`); });

app.event('app_home_opened', async ({ event, client }) => {
  if (event.tab !== 'home') return;
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Welcome home' } }] } });
});

app.assistant(new Assistant({
  threadStarted: async ({ say, setSuggestedPrompts, saveThreadContext }) => {
    await say('How can I help?');
    await setSuggestedPrompts({ prompts: [{ title: 'One', message: 'First question' }] });
    await saveThreadContext();
  },
  userMessage: async ({ message, say, setStatus, setTitle }) => {
    await setTitle(message.text);
    await setStatus('is thinking');
    await say(`an answer to ${message.text}`);
  },
}));

app.error(async (e) => { console.error(e); tell('app error', { message: e.message }); });
await app.start();
tell('ready');
process.stdin.resume(); // ends with the test that started it
process.stdin.on('end', () => process.exit(0));

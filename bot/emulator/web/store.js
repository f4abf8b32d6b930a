// What the page knows. The server sends everything anew after each reconnection.

export const store = {
  viewer: '', team: {}, app: { commands: [], shortcuts: [] }, hints: [], digest: false, sockets: 0,
  channels: new Map(), users: new Map(), messages: new Map(), // channel → (ts → message)
  threads: new Map(), views: { stack: [] }, traffic: [], unread: new Map(),
  current: '', side: null, // side: {kind: 'thread', channel, ts}
  tab: 'messages',
  go: () => {},

  load(s) {
    Object.assign(this, { viewer: s.viewer, team: s.team, app: s.app, hints: s.hints || [], digest: s.digest, sockets: s.sockets, views: s.views, traffic: s.traffic || [] });
    this.channels = new Map((s.channels || []).map((c) => [c.id, c]));
    this.users = new Map((s.users || []).map((u) => [u.id, u]));
    this.threads = new Map((s.threads || []).map((t) => [t.channel + ' ' + t.thread_ts, t]));
    this.messages = new Map();
    for (const m of s.messages || []) this.put(m);
  },

  put(m) {
    if (!this.channels.has(m.channel) || (m.ephemeral_to && m.ephemeral_to !== this.viewer)) return false;
    if (!this.messages.has(m.channel)) this.messages.set(m.channel, new Map());
    const fresh = !this.messages.get(m.channel).has(m.ts);
    this.messages.get(m.channel).set(m.ts, m);
    return fresh;
  },

  remove(channel, ts) { this.messages.get(channel)?.delete(ts); },

  /** top returns what a channel itself shows; thread, a thread's replies. */
  top(channel) {
    return this.sorted(channel).filter((m) => (!isReply(m) || m.broadcast) && m.subtype !== 'assistant_app_thread');
  },
  replies(channel, ts) { return this.sorted(channel).filter((m) => isReply(m) && m.thread_ts === ts); },
  sorted(channel) { return [...(this.messages.get(channel)?.values() || [])].sort((a, b) => (a.ts < b.ts ? -1 : 1)); },

  userName(id) { const u = this.users.get(id); return u ? u.name : id; },
  realName(id) { const u = this.users.get(id); return u ? u.real_name || u.name : id; },
  channelName(id) {
    const c = this.channels.get(id);
    if (!c) return id;
    return c.is_im ? this.realName(c.user === this.viewer ? this.app.bot_user : c.user) : c.name;
  },
  isAppDM(id) { return id === this.app.dm; },
};

export function isReply(m) { return m.thread_ts && m.thread_ts !== m.ts; }

/** author is who a message is shown to be from. */
export function author(m) {
  if (m.error) return { name: 'Slackbot', kind: 'system' };
  if (m.bot_id) return { name: m.username || store.app.name, kind: 'app' };
  return { name: store.realName(m.user), kind: 'user', id: m.user };
}

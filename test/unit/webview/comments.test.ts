import { expect, test } from 'vitest';
import { MOST_COMMENTS, type PacketComment, type SimulationRequest } from '../../../src/simulation/protocol';
import { Comments, keptComments } from '../../../webview/trace/comments';

const comment = (record: number, text = 'why?'): PacketComment => ({
  record,
  time: 0,
  from: 'a:eth0',
  hash: 1,
  text,
});

function comments(kept: readonly PacketComment[] = []) {
  const seen = {
    asked: [] as SimulationRequest[],
    kept: undefined as readonly PacketComment[] | undefined,
    changed: [] as readonly number[],
    edited: [] as (readonly [number, string])[],
    said: [] as string[],
  };
  const all = new Comments({
    kept,
    ask: request => seen.asked.push(request),
    keep: now => (seen.kept = now),
    textOf: () => undefined,
    edit: (record, text, written) => {
      seen.edited.push([record, text]);
      written(`${text}!`);
    },
    changed: records => (seen.changed = records),
    announce: text => seen.said.push(text),
  });
  return { all, seen };
}

test('a simulation gets the comments that an earlier life of the page, or of its thread, had', () => {
  const { all, seen } = comments([comment(3)]);
  all.begin();
  expect(seen.asked).toEqual([{ type: 'restore-comments', comments: [comment(3)] }]);
  all.take([]);
  all.begin();
  expect(seen.asked).toHaveLength(1);
});

test('what is written is kept, and rows that had or have a comment are told anew', () => {
  const { all, seen } = comments();
  all.take([comment(3), comment(7)]);
  expect(seen.kept).toEqual([comment(3), comment(7)]);
  all.take([comment(7, 'because')]);
  expect([...new Set(seen.changed)].sort()).toEqual([3, 7]);
  all.remove(7);
  expect(seen.asked).toEqual([{ type: 'comment', record: 7, text: '' }]);
});

test('a comment is edited from what it is, and no more are begun than are kept', () => {
  const { all, seen } = comments();
  all.take([comment(3)]);
  all.edit(3);
  expect(seen.edited).toEqual([[3, 'why?']]);
  expect(seen.asked).toEqual([{ type: 'comment', record: 3, text: 'why?!' }]);
  all.take(Array.from({ length: MOST_COMMENTS }, (_, record) => comment(record)));
  all.edit(MOST_COMMENTS);
  expect(seen.edited).toHaveLength(1);
  expect(seen.said).toEqual(['No more than 1000 comments are kept.']);
});

test('comments go round, those alone whose records are there', () => {
  const { all } = comments();
  all.take([comment(30), comment(3), comment(7)]);
  const isThere = (record: number): boolean => record < 10;
  expect(all.after(3, isThere)).toBe(7);
  expect(all.after(7, isThere)).toBe(3);
  expect(all.after(0, () => false)).toBeUndefined();
});

test('what was kept is read leniently', () => {
  for (const value of [undefined, null, 3, {}, [null, 3, { record: 1.5 }, { ...comment(1), text: 3 }]]) {
    expect(keptComments(value)).toEqual([]);
  }
  expect(keptComments([comment(1), 'x'])).toEqual([comment(1)]);
});

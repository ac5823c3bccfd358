import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineEditor } from '../../../../src/editor/terminal/line-editor';

const WORDS = ['ping', 'pinata', 'ip', 'router', 'route-66'];

/** An editor, and the lines that were entered by these keys. */
function type(
  keys: string,
  editor = new LineEditor(
    () => '$ ',
    () => WORDS,
  ),
) {
  const outputs = editor.take(keys);
  return {
    editor,
    entered: outputs.flatMap(({ entered }) => entered ?? []),
    interrupted: outputs.some(({ interrupted }) => interrupted),
    closed: outputs.some(({ closed }) => closed),
    written: outputs.map(({ write }) => write).join(''),
  };
}

const UP = '\x1b[A';
const DOWN = '\x1b[B';
const LEFT = '\x1b[D';

describe('the line of a terminal', () => {
  it.each([
    ['as it is typed', 'ip addr\r', 'ip addr'],
    ['corrected', 'ipx\x7f addr\r', 'ip addr'],
    ['in its middle', `ip adr${LEFT}d\r`, 'ip addr'],
    ['from its beginning (Ctrl+A) and to its end (Ctrl+E)', 'p addr\x01i\x05ess\r', 'ip address'],
    ['cut before the cursor (Ctrl+U)', 'nonsense\x15ip addr\r', 'ip addr'],
    ['cut behind the cursor (Ctrl+K)', `ip addrxx${LEFT}${LEFT}\x0b\r`, 'ip addr'],
    ['without its last word (Ctrl+W)', 'ip addr show\x17\x7f\r', 'ip addr'],
    ['with what Del takes', `ip xaddr${LEFT.repeat(5)}\x1b[3~\r`, 'ip addr'],
    ['completed', 'pin\tg\r', 'ping'],
    ['completed where one word fits', 'ping router\t\r', 'ping router '],
    ['completed as far as all that fit agree', 'ping rou\tr\r', 'ping router'],
  ])('%s', (_how, keys, line) => {
    expect(type(keys).entered).toEqual([line]);
  });

  it('comes back by the arrows, and what was begun with it', () => {
    const { editor } = type('ip link\rip addr\r');
    expect(type(`beg${UP}${UP}\r`, editor).entered).toEqual(['ip link']);
    expect(type(`beg${UP}${UP}${DOWN}${DOWN}${DOWN}un\r`, editor).entered).toEqual(['begun']);
  });

  it('is given up by Ctrl+C, and Ctrl+D closes an empty one', () => {
    const { editor, interrupted, entered } = type('ping\x03');
    expect([interrupted, entered]).toEqual([true, []]);
    expect(type('\r', editor).entered).toEqual(['']);
    expect(type('x\x04', editor).closed).toBe(false);
    expect(type('\x15\x04', editor).closed).toBe(true);
  });

  it('lists what may come where several words fit', () => {
    expect(type('pi\t').written).toBe('pin');
    expect(type('pin\t').written).toContain('ping  pinata');
    expect(type('q\t').written).toBe('q\x07');
  });

  it('takes several lines that are pasted', () => {
    expect(type('ip addr\rip link\r').entered).toEqual(['ip addr', 'ip link']);
  });

  it('shows what it holds, whatever keys come', () => {
    const key = fc.constantFrom(
      'a',
      'b ',
      UP,
      DOWN,
      LEFT,
      '\x1b[C',
      '\x7f',
      '\x01',
      '\x05',
      '\x0b',
      '\x15',
      '\x17',
      '\t',
      '\r',
      '\x1b[99~',
      'é',
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), keys => {
        const { editor } = type(keys.join(''));
        const [held = ''] = type('\r', editor).entered;
        expect(held.length).toBeLessThanOrEqual(4096);
        expect(editor.shown).toBe('\r\x1b[K$ ');
      }),
    );
  });
});

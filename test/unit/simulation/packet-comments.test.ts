/** Comments belong to packets: wherever a run has the very packet, its comment is there, and nowhere else. */
import { describe, expect, it } from 'vitest';
import { LONGEST_COMMENT, MOST_COMMENTS } from '../../../src/simulation/protocol';
import { Simulation } from '../../../src/simulation/simulation';
import { readCapture } from '../../../src/trace/pcap-reader';
import { pair, pingStep, scenario } from './sample-topology';
import { Stage } from './stage';

const meeting = scenario('they meet', pingStep('a', '10.0.0.2', 'reply'));

/** Played to its end: ARP request and reply, echo request and reply. */
function played(topology = pair(meeting)): Stage {
  const stage = new Stage();
  stage.load(topology);
  stage.ask({ type: 'play' });
  stage.run();
  return stage;
}

/** What each row says, as the panel is told. */
function comments(stage: Stage): readonly (string | undefined)[] {
  stage.ask({ type: 'rows', request: 1, first: 0, count: 1000 });
  return stage
    .told('rows')
    .at(-1)!
    .rows.map(({ comment }) => comment);
}

function commented(stage: Stage, record: number): string | undefined {
  stage.ask({ type: 'packet', request: 1, number: record });
  return stage.told('packet').at(-1)!.packet?.row.comment;
}

describe('the comment on a packet', () => {
  it('is written, changed and taken away', () => {
    const stage = played();
    stage.ask({ type: 'comment', record: 1, text: '  the answer\n' });
    expect(comments(stage).slice(0, 3)).toEqual([undefined, 'the answer', undefined]);
    expect(commented(stage, 1)).toBe('the answer');
    stage.ask({ type: 'comment', record: 1, text: '回答 ✎' });
    expect(commented(stage, 1)).toBe('回答 ✎');
    expect(stage.told('comments').at(-1)).toMatchObject({ comments: [{ record: 1, text: '回答 ✎' }] });
    stage.ask({ type: 'comment', record: 1, text: ' ' });
    expect(commented(stage, 1)).toBeUndefined();
    expect(stage.told('comments').at(-1)).toEqual({ type: 'comments', comments: [] });
  });

  it('goes with its packet when time goes back, and comes with it again', () => {
    const stage = played();
    stage.ask({ type: 'comment', record: 2, text: 'echo' });
    stage.ask({ type: 'seek', time: 0 });
    stage.run();
    expect(commented(stage, 2)).toBeUndefined();
    stage.ask({ type: 'play' });
    stage.run();
    expect(commented(stage, 2)).toBe('echo');
    stage.ask({ type: 'restart' });
    stage.run();
    expect(commented(stage, 2)).toBe('echo');
  });

  it('is not given to another packet with the same number', () => {
    const stage = played();
    stage.ask({ type: 'comment', record: 2, text: 'echo' });
    stage.ask({ type: 'seek', time: 0 });
    stage.run();
    stage.ask({ type: 'ping', from: 'b', to: '10.0.0.1', count: 1 });
    stage.ask({ type: 'play' });
    stage.run();
    expect(comments(stage)).not.toContain('echo');
    // The file as it was again: what was written about a packet was only waiting for it.
    stage.ask({ type: 'restart' });
    stage.ask({ type: 'play' });
    stage.run();
    expect(commented(stage, 2)).toBe('echo');
  });

  it('outlives a change of the file where the packet does', () => {
    const stage = played();
    stage.ask({ type: 'comment', record: 2, text: 'echo' });
    const renamed = pair(meeting);
    stage.load({ ...renamed, devices: renamed.devices.map(device => ({ ...device, label: 'another' })) });
    stage.run();
    expect(commented(stage, 2)).toBe('echo');
  });

  it('is told to a page that knows nothing, and taken from one that kept it', () => {
    const stage = played();
    stage.ask({ type: 'comment', record: 0, text: 'who is there?' });
    stage.player.handle({ type: 'tell-again' });
    const { comments: kept } = stage.told('comments').at(-1)!;
    expect(kept).toHaveLength(1);
    const reborn = played();
    reborn.ask({ type: 'restore-comments', comments: kept });
    expect(commented(reborn, 0)).toBe('who is there?');
    reborn.ask({ type: 'restore-comments', comments: [{ ...kept[0]!, text: 'late' }] });
    expect(commented(reborn, 0)).toBe('who is there?');
  });

  it('has bounds, and is of a packet that is there', () => {
    const stage = played();
    for (const record of [-1, 0.5, Number.NaN, 1e9]) {
      stage.ask({ type: 'comment', record, text: 'nowhere' });
    }
    expect(stage.told('comments').at(-1)).toEqual({ type: 'comments', comments: [] });
    stage.ask({ type: 'comment', record: 0, text: 'x'.repeat(LONGEST_COMMENT + 1) });
    expect(commented(stage, 0)).toHaveLength(LONGEST_COMMENT);
    const [one] = stage.told('comments').at(-1)!.comments;
    const full = played();
    const many = Array.from({ length: MOST_COMMENTS + 10 }, (_, index) => ({ ...one!, record: index + 100 }));
    full.ask({ type: 'restore-comments', comments: many });
    full.ask({ type: 'comment', record: 0, text: 'one more' });
    expect(full.told('comments').at(-1)?.comments).toHaveLength(MOST_COMMENTS);
  });

  it('is what a filter finds', () => {
    const stage = played();
    stage.ask({ type: 'comment', record: 3, text: 'the Answer' });
    const text = 'frame.comment contains "Answer"';
    stage.ask({ type: 'filter', filter: 1, text, point: { kind: 'everywhere' } });
    stage.run();
    const numbers = stage.told('matches').flatMap(({ data }) => [...new Uint32Array(data)]);
    expect(numbers).toEqual([3]);
  });
});

describe('a capture file', () => {
  it('says of each packet what was written about it, at its first appearance', () => {
    const simulation = new Simulation(pair(meeting));
    simulation.runOn(1e9);
    const without = readCapture(simulation.capture());
    simulation.comment(1, 'the answer');
    const { packets } = readCapture(simulation.capture());
    expect(packets.flatMap(({ comments: told }) => told)).toEqual(['the answer']);
    const at = packets.findIndex(({ comments: told }) => told.length > 0);
    expect(packets[at]?.direction).toBe('outbound');
    expect(packets.map(packet => ({ ...packet, comments: [] }))).toEqual(without.packets);
  });
});

/** Questions about what a simulation has done: they change nothing. */
import { within } from './bounds';
import type { Colouring } from '../trace/colouring/colouring';
import type { PacketRow, SimulationEvent, SimulationRequest } from './protocol';
import { RecordPacket } from './search/record-packet';
import type { Simulation } from './simulation';
import type { TraceView } from './trace-view';

/** Rows told at once at most. */
const MOST_ROWS = 1000;

type Question = Extract<
  SimulationRequest,
  { type: 'rows' | 'rows-of' | 'packet' | 'journey' | 'tables' | 'capture' }
>;

type TraceQuestion = Extract<Question, { type: 'rows' | 'rows-of' | 'packet' }>;

/** What the packet list and the details ask of any trace. */
export function answerFrom(question: TraceQuestion, view: TraceView, colouring: Colouring): SimulationEvent {
  const { request } = question;
  switch (question.type) {
    case 'rows': {
      const first = Math.max(within(question.first, 0, Number.MAX_SAFE_INTEGER), view.oldest);
      const rows = view.rows(first, within(question.count, 0, MOST_ROWS));
      return { type: 'rows', request, first, rows: rows.map(row => coloured(row, view, colouring)) };
    }
    case 'rows-of': {
      const numbers = question.numbers.slice(0, MOST_ROWS);
      const rows = numbers.flatMap(number => view.rows(within(number, 0, Number.MAX_SAFE_INTEGER), 1));
      const told = rows.map(row => coloured(row, view, colouring));
      return { type: 'rows', request, first: numbers[0] ?? 0, rows: told };
    }
    case 'packet': {
      const packet = view.packet(question.number);
      return {
        type: 'packet',
        request,
        packet: packet && { ...packet, row: coloured(packet.row, view, colouring) },
      };
    }
  }
}

/** Rows are coloured as they are told: only those that somebody looks at. */
function coloured(row: PacketRow, view: TraceView, colouring: Colouring): PacketRow {
  const told = colouring.of(new RecordPacket(view, row.number, undefined));
  return told === undefined ? row : { ...row, colouring: told };
}

export function answerTo(question: Question, simulation: Simulation, colouring: Colouring): SimulationEvent {
  const { request } = question;
  switch (question.type) {
    case 'rows':
    case 'rows-of':
    case 'packet':
      return answerFrom(question, simulation.trace, colouring);
    case 'journey':
      return { type: 'journey', request, journey: simulation.journey(question.record) };
    case 'tables':
      return { type: 'tables', request, tables: simulation.tables(question.device) };
    case 'capture':
      return { type: 'capture', request, data: simulation.capture(question.selection) };
  }
}

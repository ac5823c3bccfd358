/**
 * How much of a file is read. The work of reading is bounded by counting words and signs (lexemes), so a hostile file costs no more than a
 * large honest one.
 */

/** Bytes of UTF-8. */
export const MAXIMUM_BYTES = 2 * 1024 * 1024;

/** Words, signs, line ends and comments: more than a file of 3000 nodes needs, about a second of reading. */
export const MAXIMUM_LEXEMES = 200_000;

/** What an escape in a quoted text counts: a wrong one becomes an error object in the parser. */
export const ESCAPE_COST = 4;

/** Maps and lists inside each other; the language itself needs 10. */
export const MAXIMUM_DEPTH = 48;

/** Blank lines and comments in one run. The parser looks back over such a run for each of them. */
export const MAXIMUM_BLANK_RUN = 4000;

/** Values of the whole file with aliases written out. */
export const MAXIMUM_VALUES = 200_000;

/** Networks and nodes: more can't be laid out as one drawing in reasonable time. */
export const MAXIMUM_NODES = 3000;

/** Interfaces and cables that the file spells out or implies. */
export const MAXIMUM_INTERFACES = 20_000;

/** Diagnostics of one file. */
export const MAXIMUM_DIAGNOSTICS = 200;

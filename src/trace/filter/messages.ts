/** What can be wrong with a display filter, in whole sentences, so that a panel can say it in its user's language. */
export const FILTER_MESSAGES = [
  'A filter has at most {0} characters.',
  'The filter is nested too deeply.',
  'The filter ends too early.',
  '“{0}” means nothing here.',
  '“{0}” was not expected here.',
  '“{0}” is missing.',
  'The quotation has no end.',
  '“{0}” is no escape sequence; write a backslash as “\\\\”, or r"…".',
  '“{0}” is not a valid protocol or protocol field.',
  '“{0}” is no field; one side must be.',
  'A field must stand left of a comparison, not “{0}”.',
  'The two sides are not of one kind.',
  '“{0}” is not a number.',
  '“{0}” is not True, False or a number.',
  '“{0}” is not text.',
  '“{0}” is not an IPv4 address.',
  '“{0}” is not an IPv6 address.',
  '“{0}” is not a hardware address.',
  '“{0}” is not a sequence of bytes.',
  '“{0}” is no range of bytes.',
  'A number contains nothing.',
  'A number has no text to match.',
  'A number has no bytes to take a part of.',
  'matches takes a regular expression in double quotes.',
  'This is no regular expression.',
  '{0}() takes text.',
  'string() takes a number.',
  '& takes a number or bytes.',
] as const;

export type FilterMessage = (typeof FILTER_MESSAGES)[number];

/** What the operators of a filter mean, for whoever is offered them. */
export const OPERATOR_WORDS = {
  '==': 'equal',
  '!=': 'not equal',
  '>': 'greater',
  '<': 'less',
  '>=': 'greater or equal',
  '<=': 'less or equal',
  contains: 'has this part',
  matches: 'regular expression',
  in: 'one of a set',
  '&&': 'and',
  '||': 'or',
} as const;

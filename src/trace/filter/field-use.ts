/** Which fields a filter asks for. */
import type { Expression, Operand } from './syntax';

export function fieldsOf(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  collect(expression, names);
  return names;
}

function collect(expression: Expression, into: Set<string>): void {
  switch (expression.kind) {
    case 'and':
    case 'or':
      collect(expression.left, into);
      collect(expression.right, into);
      break;
    case 'not':
      collect(expression.operand, into);
      break;
    case 'exists':
    case 'in':
      collectOperand(expression.operand, into);
      break;
    case 'compare':
      collectOperand(expression.left, into);
      collectOperand(expression.right, into);
      break;
  }
}

function collectOperand(operand: Operand, into: Set<string>): void {
  switch (operand.kind) {
    case 'field':
      into.add(operand.name);
      break;
    case 'slice':
    case 'function':
    case 'bits':
      collectOperand(operand.operand, into);
      break;
    case 'literal':
      break;
  }
}

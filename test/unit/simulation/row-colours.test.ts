/** Rows say which rule colours them, as they are told. */
import { expect, it } from 'vitest';
import { pair, pingStep, scenario } from './sample-topology';
import { Stage } from './stage';

it('rows and packets are coloured by the rules that were sent last', () => {
  const stage = new Stage();
  stage.load(pair(scenario('they meet', pingStep('a', '10.0.0.2', 'reply'))));
  stage.ask({ type: 'play' });
  stage.run();
  const rules = (): readonly (string | undefined)[] => {
    stage.ask({ type: 'rows', request: 1, first: 0, count: 2 });
    stage.ask({ type: 'rows-of', request: 2, numbers: [3] });
    stage.ask({ type: 'packet', request: 3, number: 2 });
    return [
      ...stage
        .told('rows')
        .slice(-2)
        .flatMap(({ rows }) => rows.map(({ colouring }) => colouring?.rule)),
      stage.told('packet').at(-1)?.packet?.row.colouring?.rule,
    ];
  };
  expect(rules()).toEqual([undefined, undefined, undefined, undefined]);
  stage.ask({
    type: 'colour-rules',
    rules: [
      { name: 'ask', filter: 'icmp.type == 8', colour: 'green' },
      { name: 'wrong', filter: 'icmp.type ==', colour: 'red' },
      { name: 'here', filter: 'frame.interface_name == "b:eth0"', colour: 'none' },
      { name: 'rest', filter: 'arp', colour: 'yellow' },
    ],
  });
  expect(rules()).toEqual(['rest', 'here', 'here', 'ask']);
  stage.ask({ type: 'colour-rules', rules: [] });
  expect(rules()).toEqual([undefined, undefined, undefined, undefined]);
});

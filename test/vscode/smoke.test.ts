import { describe, expect, it } from 'vitest';
import { useVsCode } from '../real-vscode';

describe('the installed extension', () => {
  const vscode = useVsCode({
    files: { 'lab.vnet.yaml': 'vnet: 1\nname: Lab\nnodes:\n  pc: { kind: host }\n', 'other.yaml': 'a: 1\n' },
  });

  it('knows topology files and offers their preview', async () => {
    const window = await vscode.open('lab.vnet.yaml');
    await window.statusBarItem('VNet topology').waitFor();
    const command = await window.findCommand('VNet: Open Diagram Preview');
    expect(await command.isVisible()).toBe(true);
    await window.screenshot('smoke-palette');
  });

  it('leaves other YAML files alone', async () => {
    const window = await vscode.open('other.yaml');
    await window.statusBarItem('YAML').waitFor();
    expect(await window.page.getByLabel('Open Diagram Preview to the Side').count()).toBe(0);
  });
});

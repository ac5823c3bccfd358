/** Another colour theme for a window that is open, by the settings of its folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { THEMES, type VsCode, type VsCodeWindow } from '../real-vscode';

/** What VS Code says of its theme to a page. */
const CLASSES: Readonly<Record<keyof typeof THEMES, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  highContrast: 'vscode-high-contrast',
  highContrastLight: 'vscode-high-contrast-light',
};

/** Waits until the panel has it. @param others more settings of the folder; those of before are gone */
export async function chooseTheme(
  vscode: VsCode,
  window: VsCodeWindow,
  theme: keyof typeof THEMES,
  others: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await mkdir(join(vscode.server.folder, '.vscode'), { recursive: true });
  await writeFile(
    join(vscode.server.folder, '.vscode/settings.json'),
    JSON.stringify({ ...THEMES[theme], ...others }),
  );
  const body = window.webview.locator('body');
  await expect.poll(() => body.getAttribute('class')).toMatch(new RegExp(`${CLASSES[theme]}( |$)`));
}

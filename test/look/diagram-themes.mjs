/** The colours of VS Code's own themes that the diagram asks for (Dark Modern, Light Modern, Dark and Light High Contrast). */

const charts = {
  light: {
    red: '#e51400',
    blue: '#1a85ff',
    yellow: '#bf8803',
    orange: '#d18616',
    green: '#388a34',
    purple: '#652d90',
  },
  dark: {
    red: '#f14c4c',
    blue: '#3794ff',
    yellow: '#cca700',
    orange: '#d18616',
    green: '#89d185',
    purple: '#b180d7',
  },
};

const theme = (bodyClass, palette, colours) => ({
  bodyClass,
  variables: {
    'font-family': 'system-ui, "DejaVu Sans", sans-serif',
    ...Object.fromEntries(Object.entries(palette).map(([name, value]) => [`charts-${name}`, value])),
    ...colours,
  },
});

export const THEMES = {
  light: theme('vscode-light', charts.light, {
    'editor-background': '#ffffff',
    'editor-foreground': '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'editorWidget-background': '#f8f8f8',
    focusBorder: '#005fb8',
    'editorError-foreground': '#e51400',
    'editorHoverWidget-background': '#f8f8f8',
    'editorHoverWidget-border': '#c8c8c8',
    'widget-shadow': 'rgba(0, 0, 0, 0.16)',
  }),
  dark: theme('vscode-dark', charts.dark, {
    'editor-background': '#1f1f1f',
    'editor-foreground': '#cccccc',
    descriptionForeground: '#9d9d9d',
    'editorWidget-background': '#202020',
    focusBorder: '#0078d4',
    'editorError-foreground': '#f85149',
    'editorHoverWidget-background': '#202020',
    'editorHoverWidget-border': '#454545',
    'widget-shadow': 'rgba(0, 0, 0, 0.36)',
  }),
  'high-contrast': theme('vscode-high-contrast', charts.dark, {
    'editor-background': '#000000',
    'editor-foreground': '#ffffff',
    descriptionForeground: 'rgba(255, 255, 255, 0.7)',
    'editorWidget-background': '#0c141f',
    focusBorder: '#f38518',
    contrastBorder: '#6fc3df',
    contrastActiveBorder: '#f38518',
    'editorHoverWidget-background': '#0c141f',
    'editorHoverWidget-border': '#6fc3df',
  }),
  'high-contrast-light': theme('vscode-high-contrast-light', charts.light, {
    'editor-background': '#ffffff',
    'editor-foreground': '#292929',
    descriptionForeground: 'rgba(41, 41, 41, 0.7)',
    'editorWidget-background': '#ffffff',
    focusBorder: '#006bbd',
    contrastBorder: '#0f4a85',
    contrastActiveBorder: '#006bbd',
    'editorError-foreground': '#b5200d',
    'editorHoverWidget-background': '#ffffff',
    'editorHoverWidget-border': '#0f4a85',
  }),
};

/** How axes and grids of charts look, in the tokens of the theme. */

export const GRID = { stroke: "var(--border)", strokeDasharray: "0" } as const;

export const AXIS = {
  tick: { fontSize: 11, fill: "var(--text-dim)" },
  stroke: "var(--border-control)",
  tickLine: false,
} as const;

/** The name of an axis. */
export const LABEL = { fontSize: 11, fill: "var(--text-dim)" } as const;

/** The box beside the pointer. */
export const TOOLTIP = {
  background: "var(--surface-raised)",
  border: "1px solid var(--border)",
  borderRadius: 6,
  fontSize: 12,
} as const;

/**
 * Pictures of the diagram for a person to judge: bundles the look page, opens it in Chromium in each theme and writes
 * test/artifacts/diagram-*.png. Run by hand: `node test/look/diagram-shots.mjs [sample] [theme]`.
 */

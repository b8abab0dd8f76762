/**
 * Which tests try each capability of the first release, as the design says how: its rows of pipelines (A) and runs (B).
 * `acceptance.test.ts` holds that every row has its tests and that these are there.
 */

export interface Tried {
  /** What the row asks to be tried. */
  readonly asks: string;
  /** File in `e2e/`, and the title of the test; its end where the beginning is made of values. */
  readonly by: readonly (readonly [file: string, title: string])[];
  /** Where a browser cannot tell the whole of it: what else says so. */
  readonly beside?: string;
}

export const TRIED: { readonly [row: string]: Tried } = {
  A1: {
    asks: "Alone it is incomplete and names what is missing; with the files it is runnable",
    by: [
      ["pages.e2e.ts", "a .pipeline without its script is incomplete; the script added, it runs"],
      ["pages.e2e.ts", "a folder is uploaded with its paths"],
      ["bundle.e2e.ts", "a folder with script, notebook, helpers and data is uploaded, runs, and shows all it made"],
      [
        "bundle.e2e.ts",
        "the same .pipeline alone is Incomplete: what is missing is listed, and a start is refused with the reason",
      ],
    ],
  },
  A2: {
    asks: "Every valid file is taken and drawn, every invalid one refused with its place, nothing stored",
    by: [
      [
        "tried-pipelines.e2e.ts",
        "every valid file of the fixtures is taken and drawn; every invalid one is refused with its reason",
      ],
    ],
    beside: "`npm run conformance` runs them all",
  },
  A3: {
    asks: "Named like its file, runs, its source the same to the byte",
    by: [
      [
        "tried-pipelines.e2e.ts",
        "a single notebook becomes a pipeline of one step, named like its file and kept to the byte",
      ],
      ["cells.e2e.ts", "cells fill in while the notebook runs"],
    ],
  },
  A4: {
    asks: "The message names the format and what to do; Airflow operators are shown and refused when run",
    by: [
      [
        "tried-pipelines.e2e.ts",
        "formats that cannot run here are named, with what to do; Airflow operators are shown and refused when run",
      ],
      ["pages.e2e.ts", "a file that is no pipeline is refused with the reason, and nothing is stored"],
    ],
  },
  A5: {
    asks: "Upload twice, open a run of the first: its graph; the differences",
    by: [
      ["tried-pipelines.e2e.ts", "a run keeps the graph of its version when a newer one is uploaded"],
      [
        "pipeline-grid.e2e.ts",
        "two versions are held against each other: parameters, steps, text; the choice stands in the address",
      ],
    ],
  },
  A6: {
    asks: "Edited, the list shows it; a cell of the grid opens that step of that run",
    by: [
      [
        "tried-pipelines.e2e.ts",
        "name, description and tags of a pipeline are changed, shown in the list, and taken back",
      ],
      ["pipeline-grid.e2e.ts", "the last runs by steps: states, a metric over the runs, and the step behind a cell"],
      ["pages.e2e.ts", "a pipeline: versions, tabs in the address, text, and its name edited"],
    ],
  },
  A8: {
    asks: "Three examples, offline, each in under a minute",
    by: [
      ["pages.e2e.ts", "a new installation offers examples, and one of them runs with a click"],
      ["bundle.e2e.ts", "the bundled examples, uploaded as folders, succeed and show their logs and outputs"],
    ],
  },
  A10: {
    asks: "A component with a container implementation runs under a container profile",
    by: [["two-profiles.test.ts", "each step of them ran in a container of its own"]],
    beside: "needs a container engine, so it is no browser test; what it runs are compiled components",
  },
  B1: {
    asks: "A missing or wrong value blocks at its field; pressed twice it makes one run",
    by: [
      ["pages.e2e.ts", "a run is created by keyboard; what is missing or wrong is said at its field"],
      ["tried-runs.e2e.ts", "an experiment is made where it is chosen, and the run is in it"],
    ],
  },
  B2: {
    asks: "Changes are on screen without reload, also in an open panel; tabs and selection in the address",
    by: [
      ["run.e2e.ts", "states, log and title follow a run without reload"],
      ["run.e2e.ts", "selection, view, tab and line stand in the address and come back"],
    ],
    beside: "how fast: `npm run bench -- W13`",
  },
  B3: {
    asks: "A log of 1 GB opens at its end at once",
    by: [
      ["live.e2e.ts", "MB opens at its end, having fetched little of it"],
      ["run.e2e.ts", "the logs of all steps are read as one, narrowed to errors, and a line has a link"],
      ["run.e2e.ts", "the log is searched, and colours and rewritten lines are shown as a terminal does"],
    ],
  },
  B4: {
    asks: "Of three failures the earliest is open, its error and last 50 lines in view",
    by: [
      ["tried-runs.e2e.ts", "a run with three failures opens at the earliest, its error and last 50 lines in view"],
      ["run.e2e.ts", "a failed run opens at its first failure, with the error and the end of its log"],
    ],
  },
  B5: {
    asks: "Each from page and list; impossible ones say why",
    by: [
      ["tried-runs.e2e.ts", "from the list runs are canceled, terminated and retried; what is impossible says why"],
      ["run.e2e.ts", "a running run is terminated after a question"],
      ["again.e2e.ts", "a failed run is retried from its page: the plan first, then the same run goes on"],
      ["again.e2e.ts", "a run of a part is begun from a step"],
    ],
  },
  B6: {
    asks: "Cloned and started as it is: the same parameters, linked to its original",
    by: [
      ["tried-runs.e2e.ts", "a clone that changes nothing is asked for the same, and is linked to its original"],
      [
        "again.e2e.ts",
        "a form keeps its values over versions, says what changed, and takes values from text, file and run",
      ],
    ],
  },
  B7: {
    asks: "Two archived: two fewer here, two more there; undone, their state unchanged",
    by: [
      [
        "tried-runs.e2e.ts",
        "two archived runs leave the active list and stand in the archive; undo takes both back unchanged",
      ],
      [
        "tried-pipelines.e2e.ts",
        "a version, a pipeline and an experiment are deleted and brought back, by undo and from the trash",
      ],
    ],
  },
  B8: {
    asks: "Filters, order, columns, views, files, bulk actions, all in the address",
    by: [
      ["lists.e2e.ts", "a filter is built by keys, shown in words, counted before it is applied, and taken back"],
      [
        "lists.e2e.ts",
        "columns are added, ordered and pinned, sorted by, and kept as a view that tells when it was changed",
      ],
      ["lists.e2e.ts", "the whole list is a file, and formulas in it are text"],
      [
        "lists.e2e.ts",
        "all that match are counted, then archived with their progress, and what is long is passed on short",
      ],
    ],
    beside: "at a million runs: `npm run bench -- W5`",
  },
  B9: {
    asks: "An eleventh is refused; a missing artifact is an empty cell; the layout in the address",
    by: [
      ["compare.e2e.ts", "an eleventh run is refused with the reason; runs that are gone are named and left out"],
      [
        "compare.e2e.ts",
        "artifacts stand side by side, curves over each other; a run without one shows an empty place",
      ],
      ["compare.e2e.ts", "two to ten runs: only differences, baseline, deltas, order; the whole layout in the address"],
    ],
  },
  B10: {
    asks: "Hit, miss and why, per run and per step",
    by: [
      [
        "again.e2e.ts",
        "the form tells what will be reused, follows the parameters, and can be told to run a step in any case",
      ],
    ],
  },
  B11: {
    asks: "Two steps, a metric and an artifact each, on one tab",
    by: [["tried-runs.e2e.ts", "what two steps have left, a metric and a file each, is on one tab"]],
  },
  B12: {
    asks: "Failed tasks alone; from an artifact to its producer, to a consumer, and back",
    by: [
      ["lists.e2e.ts", "executions of all runs are filtered to those that failed, and one leads to its step"],
      ["tried-runs.e2e.ts", "from an artifact one comes to its producer, to a consumer, and back"],
    ],
  },
  B13: {
    asks: "Every kind in its viewer; HTML reaches neither cookies nor API",
    by: [
      ["viewers.e2e.ts", "files of every kind open in their viewers"],
      ["viewers.e2e.ts", "a viewer that does not arrive says so in its own place; the others and the page stay"],
      ["sandbox.e2e.ts", "pages of a step run their scripts, and reach neither cookies nor the API"],
    ],
  },
  B14: {
    asks: "A second and 100 MB are shown, also after a restart",
    by: [["tried-runs.e2e.ts", "a step that sleeps a second and holds 100 MB shows both, also after a restart"]],
    beside: "server/engine/attempts/contained.contract.ts, for containers and pods",
  },
  B15: {
    asks: "Pasted into a terminal, the same output",
    by: [["tried-runs.e2e.ts", "the command of a step, pasted into a terminal, writes the same"]],
    beside: "server/engine/attempts/contained-steps.test.ts, for a step in a container",
  },
  B16: {
    asks: "⌘K, three letters of a tag, Enter: the run",
    by: [
      ["tried-runs.e2e.ts", "three letters of a tag lead to its run from anywhere"],
      ["pages.e2e.ts", "search finds a run from anywhere, and keys lead around"],
    ],
  },
  B17: {
    asks: "A dry run names what would go",
    by: [
      [
        "settings.e2e.ts",
        "what a rule would take is told before it is saved; the trash gives back, and removes for good",
      ],
    ],
  },
};

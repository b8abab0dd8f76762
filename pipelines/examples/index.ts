/** The three pipelines a new user can install: names, descriptions and files; the files lie in a folder each, beside this one. */

export interface Example {
  /** Also the name of its folder. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The pipeline file; the first of `files`. */
  readonly pipeline: string;
  /** Paths inside the folder. */
  readonly files: readonly string[];
}

/** Each runs offline in under a minute with `sh`, or `python3` and its standard library. */
export const EXAMPLES: readonly Example[] = [
  {
    id: "hello-shell",
    title: "Hello, shell",
    description:
      "Four shell steps pass a parameter and files to each other, two of them side by side. Ends with a card.",
    pipeline: "hello-shell.yaml",
    files: ["hello-shell.yaml"],
  },
  {
    id: "flower-classifier",
    title: "Flower classifier",
    description:
      "Four Python scripts drawn in Elyra: make data, split it, train a small model for ten seconds, judge it. Ends with metrics and a report.",
    pipeline: "flower-classifier.pipeline",
    files: [
      "flower-classifier.pipeline",
      "generate_data.py",
      "split_data.py",
      "train_model.py",
      "evaluate_model.py",
      "flowers.py",
    ],
  },
  {
    id: "nightly-report",
    title: "Nightly report",
    description:
      "A compiled Kubeflow pipeline with a group of steps inside, typed values, a long coloured log, a page and metrics.",
    pipeline: "nightly-report.yaml",
    files: ["nightly-report.yaml"],
  },
];

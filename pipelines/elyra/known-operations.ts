/** Names of operations in a `.pipeline`: generic ones, Elyra's example components, and what older versions called them. */
import type { FileBody } from "../graph";

export type Runner = FileBody["runner"];

export const GENERIC_OPERATIONS: { readonly [operation: string]: Runner } = {
  "execute-notebook-node": "notebook",
  "execute-python-node": "python",
  "execute-r-node": "r",
};

/** Version 4 names to version 5 names. */
export const OPERATIONS_OF_VERSION_5: { readonly [operation: string]: string } = {
  "run-notebook-using-papermill": "run_notebook_using_papermill_Runnotebookusingpapermill",
  "filter-text": "filter_text_using_shell_and_grep_Filtertext",
  "bash-operator_BashOperator": "bash_operator_BashOperator",
  "email-operator_EmailOperator": "email_operator_EmailOperator",
  "http-operator_SimpleHttpOperator": "http_operator_SimpleHttpOperator",
  "spark-sql-operator_SparkSqlOperator": "spark_sql_operator_SparkSqlOperator",
  "spark-submit-operator_SparkSubmitOperator": "spark_submit_operator_SparkSubmitOperator",
  "slack-operator_SlackAPIPostOperator": "slack_operator_SlackAPIPostOperator",
};

const KFP_EXAMPLES = "elyra-kfp-examples-catalog";
const AIRFLOW_EXAMPLES = "elyra-airflow-examples-catalog";

/** Version 5 names to version 6 ids: catalog type, then 12 hex digits of the component's identity. */
export const OPERATIONS_OF_VERSION_6: { readonly [operation: string]: string } = {
  run_notebook_using_papermill_Runnotebookusingpapermill: `${KFP_EXAMPLES}:61e6f4141f65`,
  filter_text_using_shell_and_grep_Filtertext: `${KFP_EXAMPLES}:737915b826e9`,
  component_Downloaddata: `${KFP_EXAMPLES}:a08014f9252f`,
  component_Calculatedatahash: `${KFP_EXAMPLES}:d68ec7fcdf46`,
  bash_operator_BashOperator: `${AIRFLOW_EXAMPLES}:3a55d015ea96`,
  email_operator_EmailOperator: `${AIRFLOW_EXAMPLES}:a043648d3897`,
  http_operator_SimpleHttpOperator: `${AIRFLOW_EXAMPLES}:b94cd49692e2`,
  spark_sql_operator_SparkSqlOperator: `${AIRFLOW_EXAMPLES}:3b639742748f`,
  spark_submit_operator_SparkSubmitOperator: `${AIRFLOW_EXAMPLES}:b29c25ec8bd6`,
  slack_operator_SlackAPIPostOperator: `${AIRFLOW_EXAMPLES}:16a204f716a2`,
};

/** Two components whose files were both called `component.yaml` when version 6 began to name files. */
export const RENAMED_COMPONENT_FILES: { readonly [operation: string]: string } = {
  [`${KFP_EXAMPLES}:a08014f9252f`]: "download_data.yaml",
  [`${KFP_EXAMPLES}:d68ec7fcdf46`]: "calculate_hash.yaml",
};

const EXAMPLE_COMPONENTS = new Set(
  Object.values(OPERATIONS_OF_VERSION_6).filter((operation) => operation.startsWith(KFP_EXAMPLES)),
);

const AIRFLOW_CLASSES: { readonly [operation: string]: string } = Object.fromEntries(
  Object.entries(OPERATIONS_OF_VERSION_6)
    .filter(([, operation]) => operation.startsWith(AIRFLOW_EXAMPLES))
    .map(([old, operation]) => [operation, old.slice(old.lastIndexOf("_") + 1)]),
);

const CATALOG_OPERATION = /^[A-Za-z0-9_.-]+:[0-9a-f]{12}(?::([A-Za-z_]\w*))?$/;

export type CustomOperation =
  | { readonly custom: "airflow"; readonly operator: string }
  | { readonly custom: "component" }
  | { readonly custom: "unknown" };

/** What an operation that is not generic stands for. */
export function customOperation(operation: string, runtimeType: string): CustomOperation {
  const known = AIRFLOW_CLASSES[operation];
  if (known !== undefined) return { custom: "airflow", operator: known };
  const match = CATALOG_OPERATION.exec(operation);
  if (match?.[1] !== undefined) return { custom: "airflow", operator: match[1] };
  if (EXAMPLE_COMPONENTS.has(operation)) return { custom: "component" };
  if (operation.startsWith(`${AIRFLOW_EXAMPLES}:`) || runtimeType === "APACHE_AIRFLOW") {
    return { custom: "airflow", operator: operation };
  }
  return match === null ? { custom: "unknown" } : { custom: "component" };
}

/** Examples for the help of every subcommand, by its path: what a person would type. */
import type { Command } from "commander";

const EXAMPLES: { readonly [path: string]: readonly string[] } = {
  submit: [
    "penstock submit train.pipeline --param epochs=5 --wait",
    "penstock submit pipeline.yaml --experiment nightly --json",
    "penstock submit pipeline.py --function train",
  ],
  "runs list": ["penstock runs list --state failed --limit 10", "penstock runs list --experiment nightly --json"],
  "runs get": ["penstock runs get 3f2a91", "penstock runs get nightly-42 --json"],
  "runs watch": ["penstock runs watch 3f2a91"],
  "runs cancel": ["penstock runs cancel 3f2a91 7bc0d4", "penstock runs terminate 3f2a91 --hard"],
  "runs retry": ["penstock runs retry 3f2a91 --wait", "penstock runs retry 3f2a91 7bc0d4"],
  "runs clone": [
    "penstock runs clone 3f2a91 --param epochs=10 --wait",
    "penstock runs clone nightly-42 --version latest",
  ],
  "runs rename": ['penstock runs rename 3f2a91 "with more epochs"'],
  "runs prioritize": [
    "penstock runs prioritize 3f2a91 --front",
    "penstock runs prioritize 3f2a91 7bc0d4 --priority -10",
  ],
  "runs archive": ["penstock runs archive 3f2a91 7bc0d4"],
  "runs restore": ["penstock runs restore 3f2a91"],
  "runs delete": ["penstock runs delete 3f2a91 7bc0d4"],
  logs: ["penstock logs 3f2a91 -f", "penstock logs 3f2a91 train --attempt 2", "penstock logs 3f2a91 --json | head -20"],
  retry: ["penstock retry 3f2a91 --plan", "penstock retry 3f2a91 --wait"],
  rerun: ["penstock rerun 3f2a91 --from train", "penstock rerun 3f2a91 --up-to train --plan"],
  cancel: ["penstock cancel 3f2a91"],
  "pipelines list": ["penstock pipelines list --search report"],
  "pipelines get": ["penstock pipelines get nightly-report"],
  "pipelines versions": ["penstock pipelines versions nightly-report --json"],
  "pipelines spec": [
    "penstock pipelines spec nightly-report > pipeline.yaml",
    "penstock pipelines spec train --version 1 > first.yaml",
  ],
  "pipelines diff": ["penstock pipelines diff nightly-report", "penstock pipelines diff train 1 3 --json"],
  "pipelines upload": [
    "penstock pipelines upload flows/train.pipeline",
    "penstock pipelines upload pipeline.yaml --pipeline nightly-report",
    "penstock pipelines upload pipeline.py --function train --python .venv/bin/python",
  ],
  "pipelines rename": ["penstock pipelines rename nightly-report daily-report"],
  "pipelines set": [
    'penstock pipelines set train --tag team=risk --description "for the model of record"',
    "penstock pipelines set train --profile gpu",
  ],
  "pipelines delete": ["penstock pipelines delete nightly-report"],
  "pipelines restore": ["penstock pipelines restore nightly-report"],
  "pipelines delete-version": ["penstock pipelines delete-version nightly-report 3"],
  "pipelines restore-version": ["penstock pipelines restore-version 0197a3c4-7d52-7c1e-9b60-2f4d8e6a1b35"],
  "experiments list": ["penstock experiments list --archived"],
  "experiments get": ["penstock experiments get nightly"],
  "experiments create": ['penstock experiments create nightly --description "every night at two"'],
  "experiments archive": ["penstock experiments archive nightly"],
  "experiments restore": ["penstock experiments restore nightly"],
  "experiments delete": ["penstock experiments delete nightly"],
  "recurring list": ["penstock recurring list --search night"],
  "recurring create": [
    'penstock recurring create nightly --pipeline train --cron "30 2 * * *" --zone Europe/Berlin',
    "penstock recurring create poll --pipeline poll --every 90s --overlap skip",
    "penstock recurring create report --pipeline report --version 3 --every 24h --param day='[[ScheduledTime.2006-01-02]]'",
  ],
  "recurring get": ["penstock recurring get nightly"],
  "recurring run": ["penstock recurring run nightly"],
  "recurring enable": ["penstock recurring enable nightly"],
  "recurring restore": ["penstock recurring restore 0197a3c4-7d52-7c1e-9b60-2f4d8e6a1b35"],
  "recurring disable": ["penstock recurring disable nightly"],
  "recurring delete": ["penstock recurring delete nightly"],
  "artifacts list": ["penstock artifacts list --run 3f2a91", "penstock artifacts list --type system.Model --json"],
  "artifacts get": ["penstock artifacts get 42", "penstock artifacts get 42 --output - | head"],
  "cache forget": ["penstock cache forget 3f2a91 train", "penstock cache forget --pipeline nightly-report"],
  "profiles list": ["penstock profiles list"],
  "profiles show": ["penstock profiles show default"],
  "profiles save": [
    "penstock profiles save gpu --env CUDA_VISIBLE_DEVICES=0 --capacity 1",
    "penstock profiles save containers --executor docker --memory 2Gi --default-image python:3.11",
  ],
  "profiles test": ["penstock profiles test containers --image python:3.11"],
  "profiles remove": ["penstock profiles remove gpu"],
  "secrets list": ["penstock secrets list"],
  "secrets set": [
    "penstock secrets set db password < password.txt",
    "penstock secrets set limits --config-map rows=1000",
  ],
  "secrets remove": ["penstock secrets remove db password"],
  "tokens list": ["penstock tokens list"],
  "tokens create": ["PENSTOCK_TOKEN=$(penstock tokens create ci --access read --expires 30d)"],
  "tokens rename": ["penstock tokens rename ci nightly-ci"],
  "tokens revoke": ["penstock tokens revoke ci"],
  "volumes list": ["penstock volumes list"],
  "volumes add": ["penstock volumes add data /srv/data"],
  "volumes remove": ["penstock volumes remove data"],
  "envs list": ["penstock envs list"],
  "envs show": ["penstock envs show 4c1f"],
  "envs add": ["penstock envs add pandas==2.3.0", "penstock envs add --for pipeline.yaml"],
  "envs remove": ["penstock envs remove 4c1f"],
  "envs sweep": ["penstock envs sweep"],
  "settings list": ["penstock settings list"],
  "settings set": ["penstock settings set max-environment-bytes 10000000000"],
  seed: ["penstock seed", "penstock seed many-runs 1000 --home /tmp/try"],
  backup: ["penstock backup /backups/penstock-$(date +%F).tar.gz"],
  restore: ["penstock restore /backups/penstock-2026-11-30.tar.gz --home /srv/penstock"],
  doctor: ["penstock doctor", "penstock doctor --json"],
  completion: ['eval "$(penstock completion bash)"', "penstock completion fish | source"],
};

/** Gives every subcommand below `command` its examples. */
export function addExamples(command: Command, path: readonly string[] = []): void {
  for (const one of command.commands) {
    const own = [...path, one.name()];
    const examples = EXAMPLES[own.join(" ")];
    if (examples !== undefined)
      one.addHelpText("after", `\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}`);
    addExamples(one, own);
  }
}

CREATE INDEX `experiment_last_run` ON `experiment` (`last_run_at`,`key`);--> statement-breakpoint
CREATE INDEX `run_count_pipeline` ON `run_count` (`pipeline_key`,`state`);
CREATE TABLE `metric_goal` (
	`pipeline_name` text NOT NULL,
	`name` text NOT NULL,
	`goal` text NOT NULL,
	PRIMARY KEY(`pipeline_name`, `name`)
);
--> statement-breakpoint
ALTER TABLE `experiment` ADD `baseline_run_key` integer;
CREATE TABLE `run_metric` (
	`run_key` integer NOT NULL,
	`name` text NOT NULL,
	`value` real NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`run_key`, `name`),
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `run_metric_value` ON `run_metric` (`name`,`value`,`run_key`);--> statement-breakpoint
CREATE TABLE `run_tag` (
	`run_key` integer NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`run_key`, `name`),
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `run_tag_value` ON `run_tag` (`name`,`value`,`run_key`);--> statement-breakpoint
CREATE TABLE `saved_view` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`list` text NOT NULL,
	`name` text NOT NULL,
	`query` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `saved_view_id_unique` ON `saved_view` (`id`);--> statement-breakpoint
CREATE INDEX `saved_view_list` ON `saved_view` (`list`,`name`);--> statement-breakpoint
CREATE TABLE `short_link` (
	`id` text PRIMARY KEY NOT NULL,
	`address` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `metric_value`;--> statement-breakpoint
DROP INDEX `run_version`;--> statement-breakpoint
CREATE INDEX `run_archived` ON `run` (`created_at`,`key`) WHERE deleted_at is null and archived_at is not null;--> statement-breakpoint
CREATE INDEX `run_duration` ON `run` (finished_at - started_at,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_profile` ON `run` (`profile`,`created_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_version` ON `run` (`version_key`,`created_at`,`key`);--> statement-breakpoint
DROP TRIGGER `run_count_insert`;--> statement-breakpoint
DROP TRIGGER `run_count_update`;--> statement-breakpoint
DROP TRIGGER `run_count_delete`;--> statement-breakpoint
DROP TABLE `run_count`;--> statement-breakpoint
CREATE TABLE `run_count` (
	`experiment_key` integer NOT NULL,
	`pipeline_key` integer NOT NULL,
	`state` text NOT NULL,
	`is_archived` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`experiment_key`, `pipeline_key`, `state`, `is_archived`)
);
--> statement-breakpoint
ALTER TABLE `run_parameter` ADD `scalar` blob GENERATED ALWAYS AS (case when not json_valid(value) or json_type(value) = 'null' then null
        when json_type(value) in ('true', 'false') then json_type(value)
        when json_type(value) in ('integer', 'real') then json_extract(value, '$')
        else substr(json_extract(value, '$'), 1, 1000) end) VIRTUAL;--> statement-breakpoint
CREATE INDEX `run_parameter_scalar` ON `run_parameter` (`name`,`scalar`,`run_key`);--> statement-breakpoint
CREATE INDEX `artifact_name` ON `artifact` (`name`,`key`);--> statement-breakpoint
CREATE INDEX `artifact_type` ON `artifact` (`type`,`key`);--> statement-breakpoint
CREATE INDEX `task_failed` ON `task` (`key`) WHERE state = 'failed';
CREATE TABLE `secret` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`is_shown` integer NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `secret_name_unique` ON `secret` (`name`);--> statement-breakpoint
CREATE TABLE `secret_value` (
	`secret_key` integer NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`version_id` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`secret_key`, `name`),
	FOREIGN KEY (`secret_key`) REFERENCES `secret`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `task_cache` (
	`task_key` integer PRIMARY KEY NOT NULL,
	`cache_key` text NOT NULL,
	`parts` text NOT NULL,
	`outcome` text NOT NULL,
	`changed` text,
	`pipeline_name` text NOT NULL,
	`step_path` text NOT NULL,
	`is_usable` integer DEFAULT false NOT NULL,
	`forgotten_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`task_key`) REFERENCES `task`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `task_cache_key` ON `task_cache` (`cache_key`,`task_key`) WHERE is_usable = 1 and forgotten_at is null;--> statement-breakpoint
CREATE INDEX `task_cache_step` ON `task_cache` (`pipeline_name`,`step_path`,`task_key`);--> statement-breakpoint
CREATE TABLE `volume` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`path` text,
	`description` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `volume_name_unique` ON `volume` (`name`);--> statement-breakpoint
ALTER TABLE `attempt` ADD `deadline_at` integer;--> statement-breakpoint
ALTER TABLE `attempt` ADD `stop_reason` text;--> statement-breakpoint
ALTER TABLE `attempt` ADD `cpu_ms` integer;--> statement-breakpoint
ALTER TABLE `attempt` ADD `peak_bytes` integer;--> statement-breakpoint
ALTER TABLE `attempt` ADD `bytes_in` integer;--> statement-breakpoint
ALTER TABLE `attempt` ADD `bytes_out` integer;--> statement-breakpoint
CREATE INDEX `attempt_deadline` ON `attempt` (`deadline_at`) WHERE state in ('starting', 'running') and deadline_at is not null;--> statement-breakpoint
ALTER TABLE `pipeline` ADD `file_mode` text DEFAULT 'shared' NOT NULL;--> statement-breakpoint
ALTER TABLE `pipeline` ADD `cache` text DEFAULT 'use' NOT NULL;--> statement-breakpoint
ALTER TABLE `profile` ADD `capacity` integer;--> statement-breakpoint
ALTER TABLE `profile` ADD `image_map` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `profile` ADD `working_directory` text;--> statement-breakpoint
ALTER TABLE `profile` ADD `runs_without_mounts` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `profile` ADD `updated_at` integer;--> statement-breakpoint
ALTER TABLE `run` ADD `cache_off` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `run` ADD `profile_settings` text;--> statement-breakpoint
ALTER TABLE `run` ADD `file_mode` text DEFAULT 'shared' NOT NULL;--> statement-breakpoint
ALTER TABLE `run` ADD `extent` text DEFAULT '{"kind":"all"}' NOT NULL;--> statement-breakpoint
ALTER TABLE `run` ADD `stops_on_failure` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `run` ADD `is_cancel_hard` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `run` ADD `retry_requested_at` integer;--> statement-breakpoint
ALTER TABLE `run` ADD `retry_requested_by` text;--> statement-breakpoint
ALTER TABLE `run` ADD `deadline_at` integer;--> statement-breakpoint
CREATE INDEX `run_deadline` ON `run` (`deadline_at`) WHERE state = 'running' and deadline_at is not null;--> statement-breakpoint
ALTER TABLE `task` ADD `iteration_count` integer;--> statement-breakpoint
ALTER TABLE `task` ADD `retry_at` integer;--> statement-breakpoint
ALTER TABLE `task` ADD `retry_base` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `task` ADD `retry_since` integer;--> statement-breakpoint
ALTER TABLE `task` ADD `source_task_key` integer;--> statement-breakpoint
CREATE INDEX `task_parent` ON `task` (`parent_key`,`iteration`) WHERE parent_key is not null;--> statement-breakpoint
CREATE INDEX `task_retry` ON `task` (`retry_at`) WHERE state = 'queued' and retry_at is not null;
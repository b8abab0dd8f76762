CREATE TABLE `artifact` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_key` integer NOT NULL,
	`task_key` integer NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`path` text,
	`uri` text NOT NULL,
	`size` integer,
	`digest` text,
	`is_directory` integer DEFAULT false NOT NULL,
	`metadata` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`task_key`) REFERENCES `task`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `artifact_run` ON `artifact` (`run_key`);--> statement-breakpoint
CREATE INDEX `artifact_task` ON `artifact` (`task_key`);--> statement-breakpoint
CREATE INDEX `artifact_digest` ON `artifact` (`digest`);--> statement-breakpoint
CREATE TABLE `attempt` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`task_key` integer NOT NULL,
	`run_key` integer NOT NULL,
	`number` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`exit_code` integer,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	`stopped_at` integer,
	`pid` integer,
	`handle` text,
	FOREIGN KEY (`task_key`) REFERENCES `task`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attempt_number` ON `attempt` (`task_key`,`number`);--> statement-breakpoint
CREATE INDEX `attempt_live` ON `attempt` (`run_key`,`key`) WHERE state in ('starting', 'running');--> statement-breakpoint
CREATE TABLE `blob` (
	`digest` text PRIMARY KEY NOT NULL,
	`size` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `event` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`topic` text NOT NULL,
	`subject` text,
	`kind` text NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `event_at` ON `event` (`at`);--> statement-breakpoint
CREATE TABLE `experiment` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`is_default` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`last_run_at` integer,
	`archived_at` integer,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `experiment_id_unique` ON `experiment` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `experiment_name` ON `experiment` (`name`) WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX `experiment_default` ON `experiment` (`is_default`) WHERE is_default = 1 and deleted_at is null;--> statement-breakpoint
CREATE INDEX `experiment_created` ON `experiment` (`created_at`,`key`);--> statement-breakpoint
CREATE TABLE `heartbeat` (
	`name` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`started_at` integer NOT NULL,
	`pid` integer NOT NULL,
	`slots` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `metric` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_key` integer NOT NULL,
	`task_key` integer,
	`name` text NOT NULL,
	`value` real NOT NULL,
	`index` integer,
	`format` text NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `metric_run` ON `metric` (`run_key`,`name`,`index`);--> statement-breakpoint
CREATE INDEX `metric_value` ON `metric` (`name`,`value`,`run_key`);--> statement-breakpoint
CREATE TABLE `pipeline` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`display_name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`example_id` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `pipeline_id_unique` ON `pipeline` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `pipeline_name` ON `pipeline` (`name`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `pipeline_created` ON `pipeline` (`created_at`,`key`);--> statement-breakpoint
CREATE INDEX `pipeline_updated` ON `pipeline` (`updated_at`,`key`);--> statement-breakpoint
CREATE TABLE `pipeline_tag` (
	`pipeline_key` integer NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`pipeline_key`, `name`),
	FOREIGN KEY (`pipeline_key`) REFERENCES `pipeline`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `pipeline_tag_value` ON `pipeline_tag` (`name`,`value`);--> statement-breakpoint
CREATE TABLE `profile` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`executor` text NOT NULL,
	`is_default` integer DEFAULT false NOT NULL,
	`grace_ms` integer NOT NULL,
	`python` text,
	`environment` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `profile_name_unique` ON `profile` (`name`);--> statement-breakpoint
CREATE TABLE `recurring_run` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`pipeline_key` integer,
	`version_key` integer,
	`experiment_key` integer NOT NULL,
	`is_enabled` integer NOT NULL,
	`cron` text,
	`interval_ms` integer,
	`time_zone` text NOT NULL,
	`start_at` integer,
	`end_at` integer,
	`next_at` integer,
	`max_concurrency` integer NOT NULL,
	`overlap` text NOT NULL,
	`catch_up` text NOT NULL,
	`parameters` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`pipeline_key`) REFERENCES `pipeline`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`version_key`) REFERENCES `version`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`experiment_key`) REFERENCES `experiment`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `recurring_run_id_unique` ON `recurring_run` (`id`);--> statement-breakpoint
CREATE INDEX `recurring_run_due` ON `recurring_run` (`is_enabled`,`next_at`);--> statement-breakpoint
CREATE TABLE `run` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`version_key` integer NOT NULL,
	`pipeline_key` integer,
	`pipeline_name` text NOT NULL,
	`experiment_key` integer NOT NULL,
	`recurring_run_key` integer,
	`profile` text NOT NULL,
	`origin` text NOT NULL,
	`cloned_from_key` integer,
	`priority` integer DEFAULT 0 NOT NULL,
	`cache` text DEFAULT 'use' NOT NULL,
	`service_account` text DEFAULT '' NOT NULL,
	`pipeline_root` text DEFAULT '' NOT NULL,
	`task_counts` text DEFAULT '{}' NOT NULL,
	`created_at` integer NOT NULL,
	`scheduled_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	`cancel_requested_at` integer,
	`cancel_requested_by` text,
	`archived_at` integer,
	`deleted_at` integer,
	`idempotency_key` text,
	`is_noticed` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`version_key`) REFERENCES `version`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`pipeline_key`) REFERENCES `pipeline`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`experiment_key`) REFERENCES `experiment`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`recurring_run_key`) REFERENCES `recurring_run`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `run_id_unique` ON `run` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `run_idempotency` ON `run` (`idempotency_key`) WHERE idempotency_key is not null;--> statement-breakpoint
CREATE INDEX `run_created` ON `run` (`created_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_finished` ON `run` (`finished_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_state` ON `run` (`state`,`created_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_experiment` ON `run` (`experiment_key`,`created_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_pipeline` ON `run` (`pipeline_key`,`created_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `run_version` ON `run` (`version_key`);--> statement-breakpoint
CREATE INDEX `run_recurring` ON `run` (`recurring_run_key`,`created_at`) WHERE recurring_run_key is not null;--> statement-breakpoint
CREATE INDEX `run_open` ON `run` (`key`) WHERE state in ('pending', 'running', 'canceling');--> statement-breakpoint
CREATE INDEX `run_intent` ON `run` (`key`) WHERE is_noticed = 0;--> statement-breakpoint
CREATE TABLE `run_artifact` (
	`run_key` integer NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`artifact_key` integer NOT NULL,
	PRIMARY KEY(`run_key`, `name`, `position`),
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`artifact_key`) REFERENCES `artifact`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `run_count` (
	`experiment_key` integer NOT NULL,
	`state` text NOT NULL,
	`is_archived` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`experiment_key`, `state`, `is_archived`)
);
--> statement-breakpoint
CREATE TABLE `run_notice` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_key` integer NOT NULL,
	`code` text NOT NULL,
	`message` text NOT NULL,
	`step` text,
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `run_notice_run` ON `run_notice` (`run_key`);--> statement-breakpoint
CREATE TABLE `run_output` (
	`run_key` integer NOT NULL,
	`name` text NOT NULL,
	`value` text,
	PRIMARY KEY(`run_key`, `name`),
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `run_parameter` (
	`run_key` integer NOT NULL,
	`name` text NOT NULL,
	`is_given` integer NOT NULL,
	`raw` text,
	`value` text,
	PRIMARY KEY(`run_key`, `name`),
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `setting` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sign_in_code` (
	`hash` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE TABLE `slot` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`recurring_run_key` integer NOT NULL,
	`at` integer NOT NULL,
	`run_key` integer,
	`skip_reason` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`recurring_run_key`) REFERENCES `recurring_run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `slot_moment` ON `slot` (`recurring_run_key`,`at`);--> statement-breakpoint
CREATE TABLE `task` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_key` integer NOT NULL,
	`parent_key` integer,
	`path` text NOT NULL,
	`step_path` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`iteration` integer,
	`state` text NOT NULL,
	`reason` text,
	`attempt` integer DEFAULT 0 NOT NULL,
	`priority` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`queued_at` integer,
	`started_at` integer,
	`finished_at` integer,
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `task_path` ON `task` (`run_key`,`path`);--> statement-breakpoint
CREATE INDEX `task_queue` ON `task` (priority desc,`queued_at`,`key`) WHERE state = 'queued';--> statement-breakpoint
CREATE TABLE `task_artifact` (
	`task_key` integer NOT NULL,
	`direction` text NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`artifact_key` integer NOT NULL,
	PRIMARY KEY(`task_key`, `direction`, `name`, `position`),
	FOREIGN KEY (`task_key`) REFERENCES `task`(`key`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`artifact_key`) REFERENCES `artifact`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `task_artifact_artifact` ON `task_artifact` (`artifact_key`,`direction`);--> statement-breakpoint
CREATE TABLE `task_value` (
	`task_key` integer NOT NULL,
	`direction` text NOT NULL,
	`name` text NOT NULL,
	`value` text,
	PRIMARY KEY(`task_key`, `direction`, `name`),
	FOREIGN KEY (`task_key`) REFERENCES `task`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `version` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`pipeline_key` integer,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`display_name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`format` text NOT NULL,
	`format_version` text NOT NULL,
	`state` text NOT NULL,
	`digest` text NOT NULL,
	`step_count` integer NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	FOREIGN KEY (`pipeline_key`) REFERENCES `pipeline`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `version_id_unique` ON `version` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `version_number` ON `version` (`pipeline_key`,`number`) WHERE pipeline_key is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `version_name` ON `version` (`pipeline_key`,`name`) WHERE pipeline_key is not null and deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX `version_unlisted` ON `version` (`digest`) WHERE pipeline_key is null;--> statement-breakpoint
CREATE TABLE `version_file` (
	`version_key` integer NOT NULL,
	`path` text NOT NULL,
	`digest` text NOT NULL,
	`size` integer NOT NULL,
	`is_executable` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`version_key`, `path`),
	FOREIGN KEY (`version_key`) REFERENCES `version`(`key`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`digest`) REFERENCES `blob`(`digest`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `version_file_digest` ON `version_file` (`digest`);--> statement-breakpoint
CREATE TABLE `version_spec` (
	`version_key` integer PRIMARY KEY NOT NULL,
	`spec_file` text NOT NULL,
	`text` text NOT NULL,
	`graph` text NOT NULL,
	`problems` text NOT NULL,
	`missing` text NOT NULL,
	FOREIGN KEY (`version_key`) REFERENCES `version`(`key`) ON UPDATE no action ON DELETE cascade
);

DROP INDEX `recurring_run_due`;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `disabled_reason` text;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `archive_disabled_at` integer;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `trigger_kind` text NOT NULL;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `anchor_at` integer NOT NULL;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `profile` text;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `cache` text;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `service_account` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `pipeline_root` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `plugins_input` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `run_name_base` text NOT NULL;--> statement-breakpoint
ALTER TABLE `recurring_run` ADD `run_count` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `recurring_run_created` ON `recurring_run` (`created_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `recurring_run_experiment` ON `recurring_run` (`experiment_key`,`created_at`,`key`) WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX `recurring_run_due` ON `recurring_run` (`next_at`) WHERE is_enabled = 1 and deleted_at is null and next_at is not null;--> statement-breakpoint
ALTER TABLE `run` ADD `is_held` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `run_recurring_open` ON `run` (`recurring_run_key`,`key`) WHERE recurring_run_key is not null and state in ('pending', 'running', 'canceling');--> statement-breakpoint
ALTER TABLE `slot` ADD `last_at` integer NOT NULL;--> statement-breakpoint
ALTER TABLE `slot` ADD `count` integer DEFAULT 1 NOT NULL;
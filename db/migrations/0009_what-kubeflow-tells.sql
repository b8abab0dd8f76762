CREATE TABLE `idempotency` (
	`noun` text NOT NULL,
	`key` text NOT NULL,
	`digest` text NOT NULL,
	`subject` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`noun`, `key`)
);
--> statement-breakpoint
CREATE TABLE `run_plugins` (
	`run_key` integer PRIMARY KEY NOT NULL,
	`input` text NOT NULL,
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `run_round` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`run_key` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`cancel_requested_by` text,
	`retried_at` integer NOT NULL,
	FOREIGN KEY (`run_key`) REFERENCES `run`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `run_round_run` ON `run_round` (`run_key`);--> statement-breakpoint
CREATE TABLE `version_tag` (
	`version_key` integer NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`version_key`, `name`),
	FOREIGN KEY (`version_key`) REFERENCES `version`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `version_tag_value` ON `version_tag` (`name`,`value`);--> statement-breakpoint
DROP INDEX `run_idempotency`;--> statement-breakpoint
CREATE INDEX `run_name` ON `run` (name collate nocase,`key`) WHERE deleted_at is null;--> statement-breakpoint
ALTER TABLE `run` DROP COLUMN `idempotency_key`;--> statement-breakpoint
ALTER TABLE `version` ADD `code_source_url` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE TRIGGER run_round_end AFTER UPDATE OF state ON run
WHEN old.state IN ('succeeded', 'failed', 'canceled') AND new.state IN ('pending', 'running') BEGIN
  INSERT INTO run_round (run_key, started_at, finished_at, state, reason, cancel_requested_by, retried_at)
  VALUES (old.key, old.started_at, coalesce(old.finished_at, old.created_at), old.state, old.reason,
    old.cancel_requested_by, coalesce(old.retry_requested_at, old.finished_at, old.created_at));
END;

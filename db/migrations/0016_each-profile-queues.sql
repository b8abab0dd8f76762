CREATE TABLE `queue_turn` (
	`key` integer PRIMARY KEY NOT NULL,
	`profile` text NOT NULL,
	`priority` integer NOT NULL,
	`experiment_key` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `queue_turn_band` ON `queue_turn` (`profile`,`priority`);--> statement-breakpoint
DROP INDEX `task_queue`;--> statement-breakpoint
ALTER TABLE `task` ADD `profile` text;--> statement-breakpoint
ALTER TABLE `task` ADD `experiment_key` integer;--> statement-breakpoint
CREATE INDEX `task_queue` ON `task` (`profile`,priority desc,`experiment_key`,`queued_at`,`key`) WHERE state = 'queued' and retry_at is null;--> statement-breakpoint
UPDATE task SET (profile, priority, experiment_key) = (SELECT profile, priority, experiment_key FROM run WHERE run.key = task.run_key)
WHERE state = 'queued';
